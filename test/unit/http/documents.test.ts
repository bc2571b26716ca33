import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type * as z from "zod";
import { problemDocument } from "../../../lib/contracts/problem-document.ts";
import { ClientMessage } from "../../../lib/contracts/socket-messages.ts";
import { eventTypes } from "../../../lib/domain/events.ts";
import { authenticators } from "../../../lib/http/authenticate.ts";
import { idempotencyKeyOf } from "../../../lib/http/idempotency-key.ts";
import { asyncApi } from "../../../lib/http/openapi/asyncapi.ts";
import { headerParameters } from "../../../lib/http/openapi/headers.ts";
import { type Operation, openApi, type Parameter } from "../../../lib/http/openapi/openapi.ts";
import { problemCodesIn, problemDocumentIn } from "../../../lib/http/openapi/problems.ts";
import { describeSchemas } from "../../../lib/http/openapi/schemas.ts";
import type { Route } from "../../../lib/http/route.ts";
import { routes } from "../../../lib/http/routes.ts";
import packageJson from "../../../package.json" with { type: "json" };
import { aProblem } from "../../support/problem.ts";
import { anEvent } from "./event.ts";

const scheme = { type: "http", scheme: "bearer", description: "A token." } as const;
const rest = openApi(routes, packageJson.version);
const socket = asyncApi(packageJson.version);
const documents = { "openapi.json": rest, "asyncapi.json": socket };

const operationOf = ({ path, method }: Route) => rest.paths[path]?.[method] as Operation;
const byId = routes.map((route) => [route.operationId, route] as const);
const referencesIn = (document: object) =>
  [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = ""]) => path);

const find = (document: object, path: string) =>
  path
    .split("/")
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document);

/** What lists the agents and workflows that are defined: a new file of one is no mistake here. */
const byDefinitions = ["DefinedAgent", "DefinedWorkflow", "ArtifactSource"];

const withoutNames = (document: string) =>
  JSON.stringify(
    JSON.parse(document, (key, value) => (byDefinitions.includes(key) ? "as defined" : value)),
    null,
    2,
  );

describe.each(Object.entries(documents))("%s", (file, document) => {
  test("is committed as the code makes it, but for the names of agents: npm run docs", () => {
    const committed = readFileSync(file, "utf8");
    expect(withoutNames(committed)).toBe(withoutNames(JSON.stringify(document)));
  });

  test("has nothing behind its references missing", () => {
    const missing = referencesIn(document).filter((path) => find(document, path) === undefined);
    expect(missing).toEqual([]);
  });

  test("has no component that nothing refers to", () => {
    const used = new Set(referencesIn(document));
    const components = Object.entries(document.components).flatMap(([part, named]) =>
      Object.keys(named).map((name) => `components/${part}/${name}`),
    );
    expect(components.filter((path) => !used.has(path))).toEqual([]);
  });
});

describe("the REST document", () => {
  test("names each operation once", () => {
    const ids = Object.values(rest.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(ids.sort()).toEqual(routes.map(({ operationId }) => operationId).sort());
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(byId)("%s names all its problems, those of one status together", (_, route) => {
    const { responses } = operationOf(route);
    const named = Object.values(responses).flatMap((answer) =>
      "$ref" in answer ? answer.$ref.slice("#/components/responses/".length).split(".") : [],
    );
    expect(named).toEqual(expect.arrayContaining([...route.problems, "invalid-request"]));
    expect(new Set(named).size).toBe(named.length);
  });

  test("answers a broken body, or a reused key, only where there is one", () => {
    const codes = (route: Route) => JSON.stringify(operationOf(route).responses);
    for (const route of routes) {
      expect(codes(route).includes("malformed-json")).toBe("body" in route.request.shape);
      expect(codes(route).includes("idempotency-mismatch")).toBe(route.idempotent === true);
    }
  });

  test("says what every parameter is", () => {
    const parameters = routes.flatMap((route) => operationOf(route).parameters);
    const own = parameters.filter((row): row is Parameter => "name" in row);
    const all = [...own, ...Object.values(rest.components.parameters)];
    expect(all.filter(({ description }) => description === "")).toEqual([]);
  });

  test("asks for every part of a path", () => {
    for (const route of routes) {
      const asked = operationOf(route).parameters.flatMap((row) =>
        "in" in row && row.in === "path" && row.required ? [`{${row.name}}`] : [],
      );
      expect(asked).toEqual(route.path.match(/\{\w+\}/g) ?? []);
    }
  });

  test("does not ask for what has a default, and promises it in the answer", () => {
    const { NewProject, Project } = rest.components.schemas;
    expect(NewProject?.required).toEqual(["name"]);
    expect(Project?.required).toEqual(expect.arrayContaining(["workflow", "oversight_level"]));
  });

  test("has the tags, keys and conditions that the routes heed", () => {
    const headers = (id: string) => {
      const route = routes.find(({ operationId }) => operationId === id) as Route;
      return JSON.stringify(operationOf(route).parameters.filter((row) => "$ref" in row));
    };
    expect(headers("createProject")).toMatch(/IdempotencyKey.*UserId/);
    expect(headers("updateProject")).toContain("IfMatch");
    expect(headers("getProject")).toContain("IfNoneMatch");
    expect(headers("listProjects")).not.toMatch(/If|Idempotency/);
  });

  test("describes a file by its type, with its name and its ETag", () => {
    const route = routes.find(({ operationId }) => operationId === "downloadDeliverable") as Route;
    const { responses, parameters } = operationOf(route);
    expect(responses[200]).toEqual({
      description: "Done.",
      headers: {
        "X-Request-Id": { $ref: "#/components/headers/RequestId" },
        ETag: { $ref: "#/components/headers/ETag" },
        "Content-Disposition": { $ref: "#/components/headers/ContentDisposition" },
      },
      content: { "application/zip": { schema: { type: "string", format: "binary" } } },
    });
    expect(responses).toHaveProperty("304");
    expect(parameters).toContainEqual({ $ref: "#/components/parameters/IfNoneMatch" });
  });

  test("has examples that the schemas take", () => {
    const bodies = routes.flatMap(({ request }) =>
      request.shape.body ? [request.shape.body] : [],
    );
    const named = bodies.filter((body) => (body as z.ZodType).meta()?.id !== undefined);
    expect(named.length).toBeGreaterThan(5);
    for (const body of named as z.ZodType[]) {
      const examples = body.meta()?.examples as unknown[];
      expect(examples.map((example) => body.safeParse(example).error)).toEqual(
        examples.map(() => undefined),
      );
    }
  });

  test("means the same by a name in a request and in an answer", () => {
    const both = (part: "input" | "output") =>
      describeSchemas(
        part,
        Object.fromEntries(
          routes.map(({ operationId, request, response }) => [
            operationId,
            part === "input" ? request : response,
          ]),
        ),
      ).components;
    const [input, output] = [both("input"), both("output")];
    for (const name of Object.keys(input).filter((key) => key in output)) {
      expect(input[name]).toEqual(output[name]);
    }
  });
});

describe("who may call", () => {
  const asked = openApi(routes, packageJson.version, scheme);
  const inBoth = (route: Route) =>
    [rest, asked].map(({ paths }) => paths[route.path]?.[route.method]);

  test("is said by no route where nobody has to show who they are", () => {
    expect(rest.security).toEqual([]);
    expect(JSON.stringify(rest)).not.toMatch(/securitySchemes|unauthenticated|forbidden/);
  });

  test.each(byId)("is said by %s where callers are asked", (_, route) => {
    const [free, bound] = inBoth(route);
    expect(free).not.toHaveProperty("security");
    const isPublic = route.access === "public";
    expect(bound?.security).toEqual(isPublic ? [] : [{ caller: [] }]);
    expect(Object.keys(bound?.responses ?? {}).includes("401")).toBe(!isPublic);
    expect(Object.keys(bound?.responses ?? {}).includes("403")).toBe(!isPublic);
  });

  test("is shown in one way, by the problems that come of it", () => {
    expect(asked.components).toMatchObject({ securitySchemes: { caller: scheme } });
    const { type } = asked.components.schemas.Problem?.properties ?? {};
    expect(type?.enum).toEqual(
      expect.arrayContaining(["/problems/unauthenticated", "/problems/forbidden"]),
    );
  });

  test("X-User-Id is no matter of a public route", () => {
    for (const route of routes) {
      const { parameters } = operationOf(route);
      expect(JSON.stringify(parameters).includes("UserId")).toBe(route.access !== "public");
    }
  });
});

describe("what the documents say of headers", () => {
  const patternOf = (schema: { pattern?: string }) => new RegExp(schema.pattern ?? "", "u");
  const works = (run: () => unknown) => {
    try {
      run();
      return true;
    } catch {
      return false;
    }
  };

  test.each(["anna", "a.b-c_d@e+f:g", "x".repeat(128), "x".repeat(129), "a b", "ä", "<b>"])(
    "X-User-Id: %s",
    async (name) => {
      const documented = patternOf(headerParameters.UserId.schema).test(name);
      const known = authenticators.none(anEvent({ headers: { "x-user-id": name } }));
      expect(
        await known.then(
          () => true,
          () => false,
        ),
      ).toBe(documented);
    },
  );

  test.each(["k", "!~", "x".repeat(255), "x".repeat(256), "a b", "é"])(
    "Idempotency-Key: %s",
    (key) => {
      const event = {
        headers: { "idempotency-key": key },
        requestContext: { http: { method: "POST" } },
        rawPath: "/",
      } as unknown as Parameters<typeof idempotencyKeyOf>[0];
      const caller = { tenant: "t", user_id: "u", roles: [] };
      const documented = patternOf(headerParameters.IdempotencyKey.schema).test(key);
      expect(works(() => idempotencyKeyOf(event, caller, "o"))).toBe(documented);
    },
  );
});

test.each(problemCodesIn(scheme))("problem %s is as the schema says", (code) => {
  const sent = problemDocument(aProblem(code, "What is wrong."), "r-1");
  expect(problemDocumentIn(scheme).strict().parse(sent)).toEqual(sent);
});

describe("the socket's document", () => {
  test("has a schema for each type of event", () => {
    const schemas = Object.values(socket.components.schemas);
    const types = schemas.map(({ properties }) => properties?.event_type?.const).filter(Boolean);
    expect(types.sort()).toEqual([...eventTypes].sort());
  });

  test("has examples of what a client may send", () => {
    const { subscribe, unsubscribe, ping } = socket.components.messages;
    for (const message of [subscribe, unsubscribe, ping]) {
      expect(ClientMessage.parse(message?.examples[0]?.payload)).toBeDefined();
    }
  });

  test("has each message in the channel and in an operation", () => {
    const names = Object.keys(socket.components.messages);
    const { channels, operations } = socket;
    expect(Object.keys(channels.socket.messages)).toEqual(names);
    for (const name of names) expect(JSON.stringify(operations)).toContain(`/messages/${name}"`);
  });
});
