import httpJsonBodyParser from "@middy/http-json-body-parser";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

const parser = httpJsonBodyParser();

/**
 * Puts what the body says in the place of its text, where there is one: many operations take none.
 *
 * @throws an error with `statusCode` 415 for another media type, 422 for what is no JSON
 */
export const parseBody = async (event: APIGatewayProxyEventV2): Promise<void> => {
  if (event.body) await parser.before?.({ event } as never);
};
