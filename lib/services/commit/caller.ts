import type { Call } from "../../contracts/call.ts";
import type { Actor } from "../../domain/common.ts";

const actorOf = ({ user_id }: Call): Actor => ({ type: "user", id: user_id });

/** Gives the part of a commit request that comes from the call: tenant, actor and correlation id. */
export const callerOf = (call: Call) => ({
  tenant: call.tenant,
  actor: actorOf(call),
  correlation_id: call.correlation_id,
});
