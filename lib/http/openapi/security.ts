import type { AuthMode } from "../authenticate.ts";
import type { Route } from "../route.ts";

/** How callers authenticate, as OpenAPI writes it. */
export type SecurityScheme = { type: "http"; scheme: "bearer"; description: string };

/** Security schemes by AUTH_MODE. Null: callers do not authenticate, so none is refused. */
export const securitySchemes = { none: null } as const satisfies Record<
  AuthMode,
  SecurityScheme | null
>;

const name = "caller";

/** Makes the `security` of a route; null when callers do not authenticate. */
export const securityOf = ({ access }: Route, scheme: SecurityScheme | null) =>
  scheme && { security: access === "public" ? [] : [{ [name]: [] }] };

/** Makes the component for the scheme; null when callers do not authenticate. */
export const securityComponents = (scheme: SecurityScheme | null) =>
  scheme && { securitySchemes: { [name]: scheme } };
