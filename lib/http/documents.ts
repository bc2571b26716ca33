import { createHash } from "node:crypto";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { etagOf, isKnown } from "./conditional.ts";
import { asyncApi } from "./openapi/asyncapi.ts";
import { openApi } from "./openapi/openapi.ts";
import type { DescribedApi, WebPage } from "./page.ts";
import { renderPage } from "./pages/render-page.ts";
import { pages } from "./pages.ts";
import { refuseAddress } from "./refuse-address.ts";
import { routeKeyOf } from "./route.ts";

type Result = APIGatewayProxyStructuredResultV2;
type Document = { body: string; headers: Record<string, string> };
type MakeDocument = (api: DescribedApi) => Document;

const json = (document: object): Document => ({
  body: JSON.stringify(document),
  headers: { "content-type": "application/json", "x-content-type-options": "nosniff" },
});

/** Gives API Gateway's route key of a page. */
export const pageKeyOf = ({ path }: WebPage): string => routeKeyOf({ method: "get", path });

const descriptions: Record<string, MakeDocument> = {
  "GET /openapi.json": ({ routes, version, scheme }) => json(openApi(routes, version, scheme)),
  "GET /asyncapi.json": ({ version }) => json(asyncApi(version)),
};

/** The documents and pages that are served beside the operations, by API Gateway's route key. */
const documents: Record<string, MakeDocument> = {
  ...descriptions,
  ...Object.fromEntries(
    pages.map((page) => [pageKeyOf(page), (api: DescribedApi) => renderPage(page, api)]),
  ),
};

/** The route keys of the OpenAPI and AsyncAPI documents. */
export const descriptionKeys = Object.keys(descriptions);

const maxAgeSeconds = 300;

const answerDocument = (
  { body, headers }: Document,
  correlation_id: string,
  if_none_match: string | undefined,
): Result => {
  const tag = createHash("sha256").update(body).digest("base64");
  const common = {
    "x-request-id": correlation_id,
    etag: etagOf(tag),
    "cache-control": `public, max-age=${maxAgeSeconds}`,
  };
  return isKnown(if_none_match, tag)
    ? { statusCode: 304, headers: common }
    : { statusCode: 200, headers: { ...headers, ...common }, body };
};

type DocumentRequest = {
  routeKey: string;
  path: string;
  method: string;
  if_none_match: string | undefined;
  correlation_id: string;
};

/** Redirects the bare address to /docs: a person opened it in a browser. */
const redirectToDocs = (correlation_id: string): Result => ({
  statusCode: 302,
  headers: { location: "/docs", "x-request-id": correlation_id },
});

/**
 * Opens a function that answers requests for documents, and for addresses without a route. Each document is made at its first
 * request.
 *
 * @throws Error, from the function that it gives, when the files of a page cannot be read or filled
 */
export const openDocuments = (api: DescribedApi) => {
  const keys = [...api.routes.map(routeKeyOf), ...Object.keys(documents)];
  const cache = new Map<string, Document>();
  return ({ routeKey, if_none_match, ...request }: DocumentRequest): Result => {
    const { path, method, correlation_id: request_id } = request;
    const make = documents[routeKey];
    if (make) {
      const document = cache.get(routeKey) ?? make(api);
      cache.set(routeKey, document);
      return answerDocument(document, request_id, if_none_match);
    }
    if (path === "/" && method === "GET") return redirectToDocs(request_id);
    return refuseAddress(keys, request);
  };
};
