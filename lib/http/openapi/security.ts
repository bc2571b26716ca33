import type { AuthMode } from "../authenticate.ts";
import type { Route } from "../route.ts";

/** How callers show who they are, as OpenAPI writes it. */
export type SecurityScheme = { type: "http"; scheme: "bearer"; description: string };

/** By AUTH_MODE; null where nobody has to show anything, so that nobody is ever refused. */
export const securitySchemes = { none: null } as const satisfies Record<
  AuthMode,
  SecurityScheme | null
>;

const name = "caller";

/** What a route asks of its callers, where callers are asked at all. */
export const securityOf = ({ access }: Route, scheme: SecurityScheme | null) =>
  scheme && { security: access === "public" ? [] : [{ [name]: [] }] };

export const securityComponents = (scheme: SecurityScheme | null) =>
  scheme && { securitySchemes: { [name]: scheme } };
