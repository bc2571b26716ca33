import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { Call } from "../../../lib/contracts/call.ts";
import type { IdempotencyKey } from "../../../lib/contracts/idempotency.ts";
import type { LogKeys } from "../../../lib/contracts/log.ts";
import type { Role } from "../../../lib/domain/access.ts";
import { Problem } from "../../../lib/domain/problem.ts";
import { type Authenticate, authenticators } from "../../../lib/http/authenticate.ts";
import { type HandleDeps, handle } from "../../../lib/http/handle.ts";
import { defineCommand, definePublic, defineQuery } from "../../../lib/http/route.ts";
import { serve } from "../../../lib/http/serve.ts";
import {
  type RunCommandDeps,
  runBatch,
  runCommand,
} from "../../../lib/services/commit/run-command.ts";
import { byAuthorizer } from "../../support/authenticator.ts";
import { aChange, aMoment } from "../../support/builders.ts";
import { silentLog } from "../../support/log.ts";
import { aContext, anEvent } from "./event.ts";

const Thing = z.object({ id: z.string(), name: z.string() });
const common = { summary: "x", tag: "Things", response: Thing, status: 200, problems: [] } as const;

const renameRoute = defineCommand({
  ...common,
  access: "operator",
  operationId: "renameThing",
  method: "post",
  path: "/things/{id}",
  request: z.object({
    path: z.strictObject({ id: z.string().max(9) }),
    body: z.strictObject({ name: z.string().min(1) }),
  }),
  idempotent: true,
  ifMatch: (_change, { path }) => (path.id === "gone" ? undefined : "v2"),
});
const getRoute = defineQuery({
  ...common,
  access: "viewer",
  operationId: "getThing",
  path: "/things/{id}",
  request: z.object({
    path: z.strictObject({ id: z.string() }),
    query: z.strictObject({ limit: z.coerce.number().default(50) }),
  }),
  tagOf: ({ name }) => name,
});

const healthRoute = definePublic({
  ...common,
  operationId: "getHealth",
  path: "/health",
  request: z.object({}),
});

/** A function with three routes; `rename` is what renaming comes to. */
const open = (
  rename: (name: string) => unknown = (name) => ({ id: "7", name }),
  authenticate: Authenticate = authenticators.none,
) => {
  const kept: unknown[] = [];
  const idempotencyKeys: IdempotencyKey[] = [];
  const calls: Call[] = [];
  const appended: LogKeys[] = [];
  const lines: [level: string, ...rest: unknown[]][] = [];
  const logAs =
    (level: string) =>
    (...rest: unknown[]) =>
      lines.push([level, ...rest]);
  const keys: RunCommandDeps = {
    claimKey: async (idempotencyKey) => {
      idempotencyKeys.push(idempotencyKey);
      return null;
    },
    releaseKey: async () => undefined,
    storeResponse: async () => undefined,
    isTransient: () => false,
    commit: async ({ decide, idempotencyKey }) => {
      const change = aChange();
      const answer = decide(change, aMoment()).answer(change);
      if (idempotencyKey) kept.push(answer);
      return answer;
    },
  };
  const deps: HandleDeps = {
    authenticate,
    runCommand: (run) => runCommand(keys, run),
    runBatch: (run) => runBatch(keys, run),
    isTransient: (error) => error instanceof Error && error.name === "TimeoutError",
    newId: () => "owner-1",
    logger: {
      ...silentLog,
      info: logAs("info"),
      error: logAs("error"),
      appendKeys: (keys) => void appended.push(keys),
    },
  };
  const handler = handle(deps, [
    serve(renameRoute, ({ body }, call) => {
      calls.push(call);
      const answer = () => rename(body.name) as z.input<typeof Thing>;
      return { project_id: "p", decide: (change) => ({ change, answer }) };
    }),
    serve(getRoute, async ({ path, query }) => ({ id: path.id, name: `page of ${query.limit}` })),
    serve(healthRoute, async () => ({ id: "0", name: "healthy" })),
  ]);
  const send = async (given: Parameters<typeof anEvent>[0]) => {
    const { statusCode, headers, body } = await handler(anEvent(given), aContext);
    return { status: statusCode, headers, body: body ? JSON.parse(body) : undefined };
  };
  return { send, idempotencyKeys: idempotencyKeys, kept, calls, lines, appended };
};

test("each route is served by its own use case", async () => {
  const { send } = open();
  expect(await send({ body: { name: "New" } })).toMatchObject({
    status: 200,
    headers: { "x-request-id": "req-1", "content-type": "application/json" },
    body: { id: "7", name: "New" },
  });
  expect(await send({ routeKey: "GET /things/{id}", query: { limit: "3" } })).toMatchObject({
    status: 200,
    body: { id: "7", name: "page of 3" },
  });
});

test.each(["$default", "DELETE /things/{id}"])("there is nothing at %s", async (routeKey) => {
  expect(await open().send({ routeKey })).toMatchObject({
    status: 404,
    body: { type: "/problems/not-found", request_id: "req-1" },
  });
});

test.each([
  { name: "broken JSON", given: { body: "{" }, status: 400, type: "malformed-json" },
  {
    name: "another media type",
    given: { body: "{}", headers: { "content-type": "text/plain" } },
    status: 415,
    type: "unsupported-media-type",
  },
  { name: "no body", given: {}, status: 422, type: "invalid-request" },
  { name: "null", given: { body: "null" }, status: 422, type: "invalid-request" },
  { name: "a list", given: { body: "[]" }, status: 422, type: "invalid-request" },
  { name: "a number", given: { body: "0" }, status: 422, type: "invalid-request" },
  {
    name: "an unknown field",
    given: { body: { name: "x", id: "8" } },
    status: 422,
    type: "invalid-request",
  },
  {
    name: "a field named __proto__",
    given: { body: '{"name":"x","__proto__":{"a":1}}' },
    status: 400,
    type: "malformed-json",
  },
  {
    name: "a bad path",
    given: { path: { id: "x".repeat(10) }, body: { name: "x" } },
    status: 422,
    type: "invalid-request",
  },
  {
    name: "a bad user",
    given: { body: { name: "x" }, headers: { "x-user-id": "a b" } },
    status: 422,
    type: "invalid-request",
  },
  {
    name: "a bad key",
    given: { body: { name: "x" }, headers: { "idempotency-key": "a b" } },
    status: 422,
    type: "invalid-request",
  },
  {
    name: "an unknown query",
    given: { routeKey: "GET /things/{id}", query: { limits: "3" } },
    status: 422,
    type: "invalid-request",
  },
])("$name is answered $status, and nothing runs", async ({ given, status, type }) => {
  const { send, calls, idempotencyKeys } = open();
  const { status: answered, headers, body } = await send(given);
  expect([answered, body.type]).toEqual([status, `/problems/${type}`]);
  expect(headers?.["content-type"]).toBe("application/problem+json");
  expect([calls, idempotencyKeys]).toEqual([[], []]);
});

describe("with callers that have to be known", () => {
  const caller = (...roles: readonly Role[]) => ({ tenant: "acme", user_id: "zoe", roles });
  const by = (authenticate: Authenticate) => open(undefined, authenticate);

  test("what is given to the use case is who the event says", async () => {
    const { send, calls, idempotencyKeys } = by(byAuthorizer);
    const headers = { "x-user-id": "ann", "idempotency-key": "k-1" };
    await send({ body: { name: "New" }, headers, caller: caller("operator") });
    expect(calls).toMatchObject([{ tenant: "acme", user_id: "zoe", roles: ["operator"] }]);
    expect(idempotencyKeys).toMatchObject([{ tenant: "acme", user: "zoe", key: "k-1" }]);
  });

  test.each([
    { name: "nobody", caller: undefined, status: 401, type: "unauthenticated" },
    {
      name: "somebody who may only look",
      caller: caller("viewer"),
      status: 403,
      type: "forbidden",
    },
    { name: "somebody without roles", caller: caller(), status: 403, type: "forbidden" },
  ])("$name is answered $status before the body is parsed", async ({ status, type, ...given }) => {
    const { send, calls, idempotencyKeys } = by(byAuthorizer);
    for (const body of ["{", { name: "" }, { name: "New" }]) {
      const answered = await send({ ...given, body });
      expect([answered.status, answered.body.type]).toEqual([status, `/problems/${type}`]);
    }
    expect([calls, idempotencyKeys]).toEqual([[], []]);
  });

  test("a role is asked for by each route", async () => {
    const { send } = by(byAuthorizer);
    const looked = await send({ routeKey: "GET /things/{id}", caller: caller("viewer") });
    expect(looked.status).toBe(200);
  });

  test("on a public route nobody is asked who they are", async () => {
    const { send } = by(async () => {
      throw new Error("asked");
    });
    expect((await send({ routeKey: "GET /health", path: {} })).status).toBe(200);
  });

  test.each([
    { error: new Problem("unauthenticated", "The token is over."), status: 401 },
    { error: Object.assign(new Error("no keys"), { name: "TimeoutError" }), status: 503 },
    { error: new TypeError("a bug"), status: 500 },
  ])(
    "what $error.name of the authenticator says is answered: $status",
    async ({ error, status }) => {
      const { send, calls } = by(async () => {
        throw error;
      });
      expect((await send({ body: { name: "New" } })).status).toBe(status);
      expect(calls).toEqual([]);
    },
  );
});

test("a use case knows who calls", async () => {
  const { send, calls } = open();
  await send({ body: { name: "New" }, headers: { "x-user-id": "ann" } });
  expect(calls).toMatchObject([{ tenant: "local", user_id: "ann", correlation_id: "req-1" }]);
});

test("the log lines of a request carry its tenant", async () => {
  const { send, appended } = open();
  await send({ body: { name: "New" }, headers: { "x-user-id": "ann" } });
  expect(appended).toEqual([{ tenant: "local" }]);
});

test("an idempotent request runs once per idempotencyKey, and what is kept is what is answered", async () => {
  const { send, idempotencyKeys, kept } = open((name) => ({ id: "7", name, rev: 3 }));
  await send({ body: { name: "New" }, headers: { "idempotency-key": "k-1" } });
  expect(idempotencyKeys).toMatchObject([{ key: "k-1", user: "local-user", owner: "owner-1" }]);
  expect(kept).toEqual([{ id: "7", name: "New" }]);
});

test("where a key means nothing there is no idempotencyKey", async () => {
  const { send, idempotencyKeys } = open();
  await send({ routeKey: "GET /things/{id}", headers: { "idempotency-key": "k-1" } });
  expect(idempotencyKeys).toEqual([]);
});

test("If-Match is checked against the state that is changed", async () => {
  const { send } = open();
  const given = (tag: string) => ({ body: { name: "New" }, headers: { "if-match": tag } });
  expect((await send(given('"v2"'))).status).toBe(200);
  expect((await send(given('"v1"'))).status).toBe(412);
});

test("If-Match does not hide that the resource is gone", async () => {
  const { send } = open(() => {
    throw new Problem("not-found", "It is gone.");
  });
  const headers = { "if-match": '"v1"' };
  expect((await send({ path: { id: "gone" }, body: { name: "New" }, headers })).status).toBe(404);
});

test("If-None-Match spares the body", async () => {
  const { send } = open();
  const headers = { "if-none-match": '"page of 50"' };
  const result = await send({ routeKey: "GET /things/{id}", headers });
  expect([result.status, result.body]).toEqual([304, undefined]);
});

test("what the backend keeps for itself is not answered", async () => {
  const { send } = open((name) => ({ id: "7", name, rev: 3, tenant: "local" }));
  expect((await send({ body: { name: "New" } })).body).toEqual({ id: "7", name: "New" });
});

test.each([
  {
    name: "a refusal",
    error: new Problem("conflict", "It is closed."),
    status: 409,
    level: "info",
  },
  {
    name: "a call that may pass",
    error: Object.assign(new Error("10.0.0.7"), { name: "TimeoutError" }),
    status: 503,
    level: "error",
  },
  { name: "a bug", error: new TypeError("10.0.0.7 is undefined"), status: 500, level: "error" },
])("$name is answered $status and logged as $level", async ({ error, status, level }) => {
  const { send, lines } = open(() => {
    throw error;
  });
  const result = await send({ body: { name: "New" } });
  expect([result.status, result.headers?.["retry-after"]]).toEqual([
    status,
    status === 503 ? "1" : undefined,
  ]);
  expect(JSON.stringify(result.body)).not.toContain("10.0.0.7");
  expect(lines.at(-1)?.[0]).toBe(level);
});

test("an answer that breaks its own schema is a bug, not an answer", async () => {
  const { send } = open(() => ({ id: 7 }));
  expect((await send({ body: { name: "New" } })).status).toBe(500);
});
