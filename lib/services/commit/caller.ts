import type { Call } from "../../contracts/call.ts";
import type { Actor } from "../../domain/common.ts";
import type { CommitRequest } from "./commit.ts";

/** Commits a change and does what follows from it. */
export type Commit = <R>(request: CommitRequest<R>) => Promise<R>;

const actorOf = ({ user_id }: Call): Actor => ({ type: "user", id: user_id });

/** The part of a commit request that comes from the call. */
export const callerOf = (call: Call) => ({
  tenant: call.tenant,
  actor: actorOf(call),
  correlation_id: call.correlation_id,
});
