import { userIdHeader } from "../authenticate.ts";
import type { Route } from "../route.ts";
import { refTo } from "./schemas.ts";

const text = { type: "string" } as const;

const header = (name: string, description: string, schema: object) => ({
  name,
  in: "header" as const,
  required: false,
  description,
  schema,
});

/** Request headers, as components. */
export const headerParameters = {
  UserId: header(userIdHeader.name, userIdHeader.description, userIdHeader.schema),
  IdempotencyKey: header(
    "Idempotency-Key",
    "A name for this request, kept for 24 hours: sent again with it, the request does nothing and gets the first answer.",
    { ...text, pattern: "^[\\x21-\\x7e]{1,255}$" },
  ),
  IfMatch: header("If-Match", "The ETag of what is to be changed; refused when it is stale.", text),
  IfNoneMatch: header("If-None-Match", "The ETag of what the caller has.", text),
};

/** Response headers, as components. */
export const headers = {
  RequestId: { description: "Names this request, in the logs too.", required: true, schema: text },
  ETag: { description: "The state of the resource, for If-Match and If-None-Match.", schema: text },
  ContentDisposition: { description: "The name to save the file under.", schema: text },
  Location: { description: "Where the new resource is.", schema: text },
  IdempotencyReplayed: {
    description: "Present when this is the first answer again.",
    schema: { ...text, const: "true" },
  },
  RetryAfter: {
    description: "Seconds to wait before the next try.",
    schema: { type: "integer", minimum: 1 },
  },
};

const requestHeader = (name: keyof typeof headerParameters) => refTo("parameters", name);

/** Lists the request headers that a route uses, as references. */
export const requestHeadersOf = ({ idempotent, ifMatch, method, tagOf, access }: Route) => [
  ...(idempotent ? [requestHeader("IdempotencyKey")] : []),
  ...(ifMatch ? [requestHeader("IfMatch")] : []),
  ...(method === "get" && tagOf ? [requestHeader("IfNoneMatch")] : []),
  ...(access === "public" ? [] : [requestHeader("UserId")]),
];

const responseHeader = (name: keyof typeof headers) => refTo("headers", name);

/** Lists the response headers of a route's success, as references. */
export const responseHeadersOf = ({ tagOf, location, idempotent, file }: Route) => ({
  "X-Request-Id": responseHeader("RequestId"),
  ...(tagOf && { ETag: responseHeader("ETag") }),
  ...(file && { "Content-Disposition": responseHeader("ContentDisposition") }),
  ...(location && { Location: responseHeader("Location") }),
  ...(idempotent && { "Idempotency-Replayed": responseHeader("IdempotencyReplayed") }),
});
