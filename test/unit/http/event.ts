import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import type { Caller } from "../../../lib/domain/common.ts";
import { authorizerOf } from "../../support/authenticator.ts";

type Given = {
  routeKey?: string;
  path?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  /** As it is on the wire; an object is sent as JSON. */
  body?: string | object;
  /** Who an authorizer has found to call. */
  caller?: Caller | undefined;
};

/** A request as API Gateway gives it to the function. */
export const anEvent = ({
  routeKey = "POST /things/{id}",
  path = { id: "7" },
  query,
  headers = {},
  body,
  caller,
}: Given = {}): APIGatewayProxyEventV2 => {
  const [method = "", template = ""] = routeKey.split(" ");
  return {
    version: "2.0",
    routeKey,
    rawPath: template.replace(/\{(\w+)\}/g, (_, name: string) => path[name] ?? ""),
    rawQueryString: "",
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    pathParameters: path,
    ...(query && { queryStringParameters: query }),
    requestContext: {
      http: { method },
      ...(caller && { authorizer: authorizerOf.request(caller) }),
    } as APIGatewayProxyEventV2["requestContext"],
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
  };
};

export const aContext = { awsRequestId: "req-1" } as Context;
