import type { Route } from "../route.ts";
import { headerParameters, headers, requestHeadersOf, responseHeadersOf } from "./headers.ts";
import { failureComponents, failures, problemDocumentIn } from "./problems.ts";
import {
  describeSchemas,
  nameOf,
  type OpenApiSchema,
  refTo,
  type Schemas,
  sortByName,
} from "./schemas.ts";
import { type SecurityScheme, securityComponents, securityOf } from "./security.ts";

type Reference = { $ref: string };

export type Parameter = {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  description: string;
  schema: OpenApiSchema;
};

type Example = { summary: string; value: object };

type Content = Record<string, { schema: OpenApiSchema; examples?: Record<string, Example> }>;

export type OpenApiResponse = {
  description: string;
  headers: Record<string, Reference>;
  content?: Content;
};

export type Operation = {
  operationId: string;
  summary: string;
  tags: string[];
  security?: Record<string, string[]>[];
  parameters: (Parameter | Reference)[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, OpenApiResponse | Reference>;
};

const json = (schema: OpenApiSchema): Content => ({ "application/json": { schema } });

const contentOf = ({ file }: Route, response: OpenApiSchema | undefined) =>
  file
    ? { content: { [file.contentType]: { schema: { type: "string", format: "binary" } } } }
    : response && { content: json(response) };

/** Makes the parameters. One without a description has that of its schema. */
const parametersIn = (where: "path" | "query", request: OpenApiSchema, schemas: Schemas) => {
  const { properties = {}, required = [] } = request.properties?.[where] ?? {};
  return Object.entries(properties).map(
    ([name, { description, ...schema }]): Parameter => ({
      name,
      in: where,
      required: required.includes(name),
      description: description ?? schemas[nameOf(schema)]?.description ?? "",
      schema,
    }),
  );
};

const requestBody = ({ properties, required = [] }: OpenApiSchema) =>
  properties?.body && {
    requestBody: { required: required.includes("body"), content: json(properties.body) },
  };

const notModified = (route: Route): Record<string, OpenApiResponse> =>
  route.method === "get" && route.tagOf
    ? { 304: { description: "The caller has it already.", headers: responseHeadersOf(route) } }
    : {};

/** Makes the 503 response of a route whose body decides its status (health checks). */
const unhealthyResponse = (
  route: Route,
  schema: OpenApiSchema | undefined,
): Record<string, OpenApiResponse> =>
  route.statusOf && schema
    ? {
        503: {
          description: "The answer says what is down.",
          headers: responseHeadersOf(route),
          content: {
            ...json(schema),
            "application/problem+json": { schema: refTo("schemas", "Problem") },
          },
        },
      }
    : {};

type OperationParts = {
  request: OpenApiSchema;
  response?: OpenApiSchema;
  schemas: Schemas;
  scheme: SecurityScheme | null;
};

const operation = (
  route: Route,
  { request, response, schemas, scheme }: OperationParts,
): Operation => ({
  operationId: route.operationId,
  summary: route.summary,
  tags: [route.tag],
  ...securityOf(route, scheme),
  parameters: [
    ...parametersIn("path", request, schemas),
    ...parametersIn("query", request, schemas),
    ...requestHeadersOf(route),
  ],
  ...requestBody(request),
  responses: {
    [route.status]: {
      description: route.status === 204 ? "Done; there is nothing to say." : "Done.",
      headers: responseHeadersOf(route),
      ...contentOf(route, response),
    },
    ...notModified(route),
    ...failures(route, scheme),
    ...unhealthyResponse(route, response),
  },
});

const description = `BotArmy runs a team of AI agents through a software project, phase by phase, and stops for a human where a human must decide.

JSON with snake_case names; instants are ISO 8601 in UTC, ids are UUIDs. Unknown fields are refused. Lists come in pages: \`next_cursor\` of one page is the \`cursor\` of the next. Every failure is a problem as RFC 9457 writes it. What happens in a project can be followed over a WebSocket: see /asyncapi.json.`;

const info = (version: string) => ({
  title: "BotArmy Serverless",
  version,
  description,
  license: { name: "MIT", identifier: "MIT" },
});

const describeRoutes = (routes: readonly Route[], scheme: SecurityScheme | null) => {
  const requests = Object.fromEntries(routes.map((r) => [r.operationId, r.request]));
  const answered = routes.filter(({ status, file }) => status !== 204 && !file);
  const responses = Object.fromEntries(answered.map((r) => [r.operationId, r.response]));
  const input = describeSchemas("input", requests);
  const ProblemDocument = problemDocumentIn(scheme);
  const output = describeSchemas("output", { ...responses, ProblemDocument });
  return {
    requests: input.schemas,
    responses: output.schemas,
    schemas: sortByName({ ...input.components, ...output.components }),
  };
};

/**
 * Makes the OpenAPI 3.1 document of `routes`.
 *
 * @param scheme how callers authenticate; null when they do not
 */
export const openApi = (
  routes: readonly Route[],
  version: string,
  scheme: SecurityScheme | null = null,
) => {
  const { requests, responses, schemas } = describeRoutes(routes, scheme);
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const [request = {}, response] = [requests[route.operationId], responses[route.operationId]];
    const parts = { request, schemas, scheme, ...(response && { response }) };
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route, parts) };
  }
  return {
    openapi: "3.1.0",
    info: info(version),
    servers: [{ url: "/" }],
    security: [],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      parameters: headerParameters,
      headers,
      responses: sortByName(failureComponents(routes, scheme)),
      ...securityComponents(scheme),
    },
  };
};

export type OpenApi = ReturnType<typeof openApi>;
