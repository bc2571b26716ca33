import { existsSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Access } from "../../../lib/domain/access.ts";
import { descriptionKeys, pageKeyOf } from "../../../lib/http/documents.ts";
import { pages } from "../../../lib/http/pages.ts";
import { routeKeyOf } from "../../../lib/http/route.ts";
import { routes, routesByFunction } from "../../../lib/http/routes.ts";
import { readServerlessYml } from "../../../localstack/emulators/serverless-yml.ts";

const { functions } = readServerlessYml();

const isHttp = (event: unknown): event is { httpApi: string } =>
  typeof event === "object" && event !== null && "httpApi" in event;

const routesIn = (name: string) =>
  (functions[name]?.events ?? []).filter(isHttp).map(({ httpApi }) => httpApi);

describe("serverless.yml", () => {
  test.each(Object.entries(routesByFunction))("%s has its routes and no others", (name, own) => {
    expect(routesIn(name).sort()).toEqual(own.map(routeKeyOf).sort());
  });

  test("docs has the two documents, all pages, and every address that no route has", () => {
    expect(routesIn("docs")).toEqual([...descriptionKeys, ...pages.map(pageKeyOf), "*"]);
  });

  test("no other function has routes", () => {
    const serving = Object.keys(functions).filter((name) => routesIn(name).length > 0);
    expect(serving.sort()).toEqual([...Object.keys(routesByFunction), "docs"].sort());
  });

  test("has a function for each file in functions/, and the other way round", () => {
    const files = readdirSync("functions").filter((file) => file.endsWith(".ts"));
    expect(Object.keys(functions).sort()).toEqual(files.map((file) => file.slice(0, -3)).sort());
    for (const [name, { handler }] of Object.entries(functions)) {
      expect(handler).toBe(`functions/${name}.handler`);
      expect(existsSync(`functions/${name}.ts`)).toBe(true);
    }
  });

  test("has no authorizer before any event: who may call is the functions' own matter", () => {
    const guarded = Object.entries(functions).filter(([, { events }]) =>
      JSON.stringify(events).includes("authorizer"),
    );
    expect(guarded).toEqual([]);
  });

  test("lists an address before a pattern that it also fits", () => {
    const listed = Object.keys(functions).flatMap(routesIn);
    const hidden = listed.filter((key, n) =>
      listed.slice(0, n).some((other) => covers(other, key)),
    );
    expect(hidden).toEqual([]);
  });
});

describe("the routes", () => {
  test("differ in method and path, whatever their parameters are called", () => {
    const shapes = routes.map((route) => routeKeyOf(route).replaceAll(/\{\w+\}/g, "{}"));
    expect(new Set(shapes).size).toBe(shapes.length);
  });

  test("each take the parameters of their path", () => {
    for (const { path, request } of routes) {
      const taken = (request.shape.path as { shape?: object } | undefined)?.shape ?? {};
      expect(Object.keys(taken).map((name) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
    }
  });

  test("are public where they tell of health alone", () => {
    const open = routes.filter(({ access }) => access === "public").map(routeKeyOf);
    expect(open.sort()).toEqual(routesByFunction.health.map(routeKeyOf).sort());
  });

  /** What providers said is for operators alone, and the whole of it for admins. */
  const forOperators = ["listTaskCalls", "getCallTranscript"];

  test("let a viewer read what is not for operators, and change nothing", () => {
    for (const route of routes.filter(({ access }) => access !== "public")) {
      const { operationId } = route;
      const isForViewers = route.method === "get" && !forOperators.includes(operationId);
      expect([operationId, route.access === "viewer"]).toEqual([operationId, isForViewers]);
    }
  });

  test("let an approver decide, and an agent write what agents write", () => {
    const wanting = (role: Access) =>
      routes.filter(({ access }) => access === role).map(({ operationId }) => operationId);
    expect(wanting("approver").sort()).toEqual(["bulkApprove", "respondToHitlRequest"]);
    expect(wanting("agent").sort()).toEqual([
      "addArtifact",
      "cancelTask",
      "createTask",
      "deleteArtifact",
      "openHitlRequest",
      "replaceArtifact",
      "retryTask",
    ]);
  });

  test("answer nothing but a 204 with no body", () => {
    for (const { status, response, operationId } of routes) {
      expect([operationId, response.safeParse(null).success]).toEqual([
        operationId,
        status === 204,
      ]);
    }
  });
});

/** Whether requests for `key` would also fit the pattern `other`. */
const covers = (other: string, key: string): boolean => {
  const [pattern, given] = [other.split(/[ /]/), key.split(/[ /]/)];
  const fits = (part: string, n: number) => part === given[n] || part.startsWith("{");
  return pattern.length === given.length && pattern.every(fits);
};
