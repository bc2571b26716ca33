import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from "aws-lambda";
import { openDocuments } from "../lib/http/documents.ts";
import { securitySchemes } from "../lib/http/openapi/security.ts";
import { routes } from "../lib/http/routes.ts";
import { loadAuthMode } from "../lib/settings/config.ts";
import packageJson from "../package.json" with { type: "json" };

const answer = openDocuments({
  routes,
  version: packageJson.version,
  scheme: securitySchemes[loadAuthMode()],
});

export const handler = async (
  { routeKey, rawPath, requestContext, headers }: APIGatewayProxyEventV2,
  { awsRequestId }: Context,
): Promise<APIGatewayProxyStructuredResultV2> =>
  answer({
    routeKey,
    path: rawPath,
    method: requestContext.http.method,
    if_none_match: headers["if-none-match"],
    correlation_id: awsRequestId,
  });
