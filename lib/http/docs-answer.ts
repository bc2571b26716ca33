import { createHash } from "node:crypto";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { Problem } from "../domain/problem.ts";
import type { AuthMode } from "./authenticate.ts";
import { etagOf, isKnown } from "./conditional.ts";
import { docsPage, inlined } from "./docs-page.ts";
import { asyncApi } from "./openapi/asyncapi.ts";
import { openApi } from "./openapi/openapi.ts";
import { securitySchemes } from "./openapi/security.ts";
import { answerProblem } from "./problem-json.ts";
import { type Route, routeKeyOf } from "./route.ts";

type Result = APIGatewayProxyStructuredResultV2;
type Served = { body: string; headers: Record<string, string> };
type Given = { routes: readonly Route[]; version: string; authMode: AuthMode };

const openApiOf = ({ routes, version, authMode }: Given) =>
  openApi(routes, version, securitySchemes[authMode]);

const hashOf = (text: string) => createHash("sha256").update(text).digest("base64");

/** The page runs its own style and script, known by their hashes, and loads nothing. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${hashOf(inlined.style)}'`,
  `script-src 'sha256-${hashOf(inlined.script)}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const json = (document: object): Served => ({
  body: JSON.stringify(document),
  headers: { "content-type": "application/json", "x-content-type-options": "nosniff" },
});

const page = (body: string): Served => ({
  body,
  headers: {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  },
});

/** What this function serves, by API Gateway's name of the route. */
const documents: Record<string, (given: Given) => Served> = {
  "GET /openapi.json": (given) => json(openApiOf(given)),
  "GET /asyncapi.json": ({ version }) => json(asyncApi(version)),
  "GET /docs": (given) => page(docsPage(openApiOf(given), asyncApi(given.version))),
};

export const documentKeys = Object.keys(documents);

const maxAgeSeconds = 300;

const answerDocument = (
  { body, headers }: Served,
  request_id: string,
  if_none_match: string | undefined,
): Result => {
  const tag = hashOf(body);
  const common = {
    "x-request-id": request_id,
    etag: etagOf(tag),
    "cache-control": `public, max-age=${maxAgeSeconds}`,
  };
  return isKnown(if_none_match, tag)
    ? { statusCode: 304, headers: common }
    : { statusCode: 200, headers: { ...headers, ...common }, body };
};

const matches = (pattern: string, path: string) => {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  const fits = (part: string, n: number) => part === given[n] || (part.startsWith("{") && given[n]);
  return wanted.length === given.length && wanted.every(fits);
};

/** The methods that there are at an address. */
const methodsAt = (keys: readonly string[], path: string): string[] => {
  const methods = keys.map((key) => key.split(" ")).filter(([, to = ""]) => matches(to, path));
  return [...new Set(methods.map(([method = ""]) => method))].sort();
};

const refuse = (keys: readonly string[], path: string, method: string): [Problem, string[]] => {
  const allowed = methodsAt(keys, path);
  return allowed.length === 0 || allowed.includes(method)
    ? [new Problem("not-found", "There is nothing at this address."), []]
    : [new Problem("method-not-allowed", `This address answers ${allowed.join(", ")}.`), allowed];
};

type Asked = {
  routeKey: string;
  path: string;
  method: string;
  if_none_match: string | undefined;
  request_id: string;
};

/** Whoever opens the bare address in a browser wants the page. */
const toDocs = (request_id: string): Result => ({
  statusCode: 302,
  headers: { location: "/docs", "x-request-id": request_id },
});

/** Answers for the documents, which are made when first asked for, and for every address that no route has. */
export const openDocuments = (given: Given) => {
  const keys = [...given.routes.map(routeKeyOf), ...documentKeys];
  const made = new Map<string, Served>();
  return ({ routeKey, path, method, if_none_match, request_id }: Asked): Result => {
    const make = documents[routeKey];
    if (make) {
      const served = made.get(routeKey) ?? make(given);
      made.set(routeKey, served);
      return answerDocument(served, request_id, if_none_match);
    }
    if (path === "/" && method === "GET") return toDocs(request_id);
    const [problem, allowed] = refuse(keys, path, method);
    const { headers, ...answer } = answerProblem(problem, request_id);
    const allow = allowed.length > 0 && { allow: allowed.join(", ") };
    return { ...answer, headers: { ...headers, ...allow } };
  };
};
