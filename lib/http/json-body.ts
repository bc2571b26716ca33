import httpJsonBodyParser from "@middy/http-json-body-parser";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

const parser = httpJsonBodyParser();

/**
 * Replaces the text of a request's body by its parsed value. Does nothing without a body.
 *
 * @throws Error with `statusCode` 415 for another media type, 422 for a text that is not JSON
 */
export const parseBody = async (event: APIGatewayProxyEventV2): Promise<void> => {
  if (event.body) await parser.before?.({ event } as never);
};
