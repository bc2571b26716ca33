import type { Caller } from "../domain/common.ts";
import type { Receipt } from "./idempotency.ts";

/** A caller's request, with what its headers ask for beside the body. */
export type Call = Caller & {
  correlation_id: string;
  receipt?: Receipt | undefined;
  /** @throws Problem `precondition-failed` when If-Match names another state than `tag` */
  checkMatch: (tag: string) => void;
};
