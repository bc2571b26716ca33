import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { etagOf, isKnown } from "./conditional.ts";
import type { Route } from "./route.ts";

type HttpSuccess = {
  route: Route;
  body: unknown;
  replayed: boolean;
  correlation_id: string;
  if_none_match: string | undefined;
};

/**
 * Makes the body of a file: API Gateway takes bytes in base64, and sends them as bytes. `name` must be ASCII without quotes.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
const fileBody = ({ contentType, of }: NonNullable<Route["file"]>, body: unknown) => {
  const { name, data } = of(body);
  return {
    headers: {
      "content-type": contentType,
      "content-disposition": `attachment; filename="${name}"`,
    },
    body: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64"),
    isBase64Encoded: true,
  };
};

const jsonBody = (body: unknown) => ({
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** Makes API Gateway's response for a success, with the headers of its route. Gives 304 when If-None-Match names its ETag. */
export const answerSuccess = ({
  route,
  body,
  replayed,
  correlation_id: request_id,
  if_none_match,
}: HttpSuccess): APIGatewayProxyStructuredResultV2 => {
  const tag = route.tagOf?.(body);
  const headers = {
    "x-request-id": request_id,
    "cache-control": "no-cache",
    ...(tag !== undefined && { etag: etagOf(tag) }),
    ...(route.location && { location: route.location(body) }),
    ...(replayed && { "idempotency-replayed": "true" }),
  };
  if (route.method === "get" && tag !== undefined && isKnown(if_none_match, tag)) {
    return { statusCode: 304, headers };
  }
  if (route.status === 204) return { statusCode: 204, headers };
  const sent = route.file ? fileBody(route.file, body) : jsonBody(body);
  return {
    ...sent,
    statusCode: route.statusOf?.(body) ?? route.status,
    headers: { ...headers, ...sent.headers },
  };
};
