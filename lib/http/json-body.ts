import type { MiddlewareObj } from "@middy/core";
import httpJsonBodyParser from "@middy/http-json-body-parser";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

const parser = httpJsonBodyParser();

/** Parses a body where there is one: many operations take none. */
export const jsonBody = (): MiddlewareObj<APIGatewayProxyEventV2> => ({
  before: (request) => (request.event.body ? parser.before?.(request as never) : undefined),
});
