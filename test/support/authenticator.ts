import * as z from "zod";
import type { Caller } from "../../lib/domain/common.ts";
import type { Authenticate } from "../../lib/http/authenticate.ts";

/** What an authorizer says of a caller: API Gateway hands on texts, and no lists. */
const Said = z
  .object({
    tenant: z.string(),
    user_id: z.string(),
    roles: z
      .string()
      .transform((roles) => roles.split(" ").filter(Boolean))
      .pipe(z.array(z.enum(["viewer", "approver", "agent", "operator", "admin"]))),
  })
  .nullable()
  .catch(null);

const said = ({ tenant, user_id, roles }: Caller) => ({ tenant, user_id, roles: roles.join(" ") });

/** `requestContext.authorizer`, as API Gateway fills it in for a request and for every event of a socket. */
export const authorizerOf = {
  request: (caller: Caller) => ({ lambda: said(caller) }),
  socket: (caller: Caller) => ({ principalId: caller.user_id, ...said(caller) }),
};

/** Takes the caller from the authorizer's words in each event, and from nowhere else; nobody without them. */
export const byAuthorizer: Authenticate = async ({ requestContext: { authorizer } }) =>
  Said.parse((authorizer as { lambda?: unknown } | undefined)?.lambda ?? authorizer ?? null);

/** The people of the tests: two of one tenant, and one of another. */
export const callers = {
  ann: { tenant: "local", user_id: "ann", roles: ["admin"] },
  bob: { tenant: "local", user_id: "bob", roles: ["viewer"] },
  zoe: { tenant: "acme", user_id: "zoe", roles: ["admin"] },
} as const satisfies Record<string, Caller>;
