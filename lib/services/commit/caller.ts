import type { Call } from "../../contracts/call.ts";
import type { Actor, Caller } from "../../domain/common.ts";
import type { CommitRequest } from "./commit.ts";

/** Commits a change and does what follows from it. */
export type Commit = <R>(request: CommitRequest<R>) => Promise<R>;

const actorOf = ({ user_id }: Caller): Actor => ({ type: "user", id: user_id });

/** The part of a commit request that comes from the call. */
export const by = (call: Call) => ({
  tenant: call.tenant,
  actor: actorOf(call),
  correlation_id: call.correlation_id,
  receipt: /* guard: the key goes with the commit */ call.receipt,
});
