import { afterAll, describe, expect, test } from "vitest";
import type * as z from "zod";
import type { Caller } from "../../lib/domain/common.ts";
import { authenticators } from "../../lib/http/authenticate.ts";
import { type Route, routeKeyOf } from "../../lib/http/route.ts";
import { routes } from "../../lib/http/routes.ts";
import { callers } from "../support/authenticator.ts";
import { startBackend } from "../support/backend.ts";
import { openRequests } from "../support/requests.ts";
import { useCasesOf } from "../support/use-cases.ts";

const { ann, bob, zoe } = callers;
const backend = await startBackend();
const { send, happen } = openRequests(backend.platform);
afterAll(() => backend[Symbol.asyncDispose]());

/** A project with one of everything that has an id. */
const aHouse = async (caller: Caller) => {
  const on = useCasesOf(backend, caller);
  const { id: project_id } = await on.project();
  const { task_id } = await on.task(project_id, "Write a haiku. [[ask:Which season?]]");
  await backend.work();
  const [request] = await on.pending(project_id);
  const note = { artifact_type: "user_input", content: `A note of ${caller.tenant}` };
  const { text } = await send(caller, "POST /api/v1/projects/{project_id}/artifacts", {
    path: { project_id },
    body: note,
  });
  const call_id = backend.platform.newId();
  const content = `A transcript of ${caller.tenant}`;
  const expires_at = "2099-01-01T00:00:00.000Z";
  const transcript = { task_id, call_id, expires_at, content };
  await backend.deps.saveTranscript({ tenant: caller.tenant, project_id }, transcript);
  return {
    on,
    call_id,
    project_id,
    task_id,
    request_id: request?.request_id ?? "",
    context_id: String(JSON.parse(text).context_id),
  };
};

type House = Awaited<ReturnType<typeof aHouse>>;

const [anns, zoes] = [await aHouse(ann), await aHouse(zoe)];

const idsOf = ({ project_id, task_id, request_id, context_id, call_id }: House) => ({
  project_id,
  task_id,
  request_id,
  context_id,
  call_id,
});

const named = (house: House): string[] => Object.values(idsOf(house));

/** A request for a route, about what is in a house: its body is the first example of its schema. */
const aboutHouse = ({ request }: Route, ids: ReturnType<typeof idsOf>) => {
  const example = (request.shape.body as z.ZodType | undefined)?.meta()?.examples;
  const [body] = (example ?? []) as object[];
  return {
    path: { ...ids, agent_type: "coder" },
    ...(body && { body: "task_id" in body ? { ...body, task_id: ids.task_id } : body }),
  };
};

const withIds = routes.filter(({ path }) => /\{(project|task|request|context)_id\}/.test(path));
const byKey = withIds.map((route) => [routeKeyOf(route), route] as const);

const only = ({ path }: Route, platform: ReturnType<typeof aboutHouse>) => ({
  ...platform,
  path: Object.fromEntries(
    Object.entries(platform.path).filter(([name]) => path.includes(`{${name}}`)),
  ),
});

const ask = (caller: Caller, route: Route, ids: ReturnType<typeof idsOf>) =>
  send(caller, routeKeyOf(route), only(route, aboutHouse(route, ids)));

/** An answer names the id that was asked for. */
const withoutIds = ({ status, text }: { status: number; text: string }) => ({
  status,
  text: text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "an id"),
});

describe("what another tenant has", () => {
  test("is more than a few routes", () => expect(withIds.length).toBeGreaterThan(25));

  test.each(byKey)("is not there for %s, as if it had never been", async (_, route) => {
    const nothing = Object.fromEntries(
      Object.keys(idsOf(anns)).map((name) => [name, backend.platform.newId()]),
    ) as ReturnType<typeof idsOf>;
    const foreign = await ask(zoe, route, idsOf(anns));
    expect(foreign.status).toBe(404);
    expect(withoutIds(foreign)).toEqual(withoutIds(await ask(zoe, route, nothing)));
  });

  test("is as it was, whatever was tried", async () => {
    const { on, project_id, task_id } = anns;
    expect(await on.projectOf(project_id)).toMatchObject({ status: "active" });
    expect(await on.taskOf(project_id, task_id)).toMatchObject({ status: "waiting_for_hitl" });
    expect(await on.pending(project_id)).toHaveLength(1);
    expect((await on.log(project_id)).map(({ actor }) => actor.id)).not.toContain("zoe");
  });

  test("is not to be had by naming it inside one's own", async () => {
    const own = { path: { project_id: zoes.project_id } };
    const context_ids = [anns.context_id];
    const task = await send(zoe, "POST /api/v1/projects/{project_id}/tasks", {
      ...own,
      body: { agent_type: "coder", instructions: "Read.", context_ids },
    });
    const request = await send(zoe, "POST /api/v1/projects/{project_id}/hitl", {
      ...own,
      body: { task_id: zoes.task_id, question: "Read?", context_ids },
    });
    const mixed = await send(zoe, "GET /api/v1/projects/{project_id}/tasks/{task_id}", {
      path: { project_id: zoes.project_id, task_id: anns.task_id },
    });
    expect([task.status, request.status, mixed.status]).toEqual([422, 422, 404]);
  });

  test("is not approved with others", async () => {
    const request_ids = [anns.request_id];
    const { text } = await send(zoe, "POST /api/v1/hitl/bulk/approve", { body: { request_ids } });
    expect(JSON.parse(text)).toMatchObject({
      approved_count: 0,
      results: [{ error: { code: "not-found" } }],
    });
  });

  test.each(
    routes
      .filter(({ method, access, path }) => method === "get" && access !== "public" && path)
      .filter((route) => !withIds.includes(route))
      .map(routeKeyOf),
  )("is in no list: %s", async (routeKey) => {
    const path = routeKey.includes("{agent_type}") ? { agent_type: "coder" } : {};
    for (const [caller, own, foreign] of [
      [ann, anns, zoes],
      [zoe, zoes, anns],
    ] as const) {
      const { status, text } = await send(caller, routeKey, { path });
      expect(status).toBe(200);
      expect(text).toContain(own.project_id);
      for (const id of named(foreign)) expect(text).not.toContain(id);
    }
  });

  test.each(byKey)("is there for those whose it is: %s", async (_, route) => {
    expect((await ask(ann, route, idsOf(anns))).status).not.toBe(404);
  });
});

describe("a key", () => {
  test("of one tenant is free in another, for a user of the same name and the same words", async () => {
    const headers = { "idempotency-key": "same" };
    const create = async (tenant: string, name: string) => {
      const caller = { ...ann, tenant };
      const { status, text } = await send(caller, "POST /api/v1/projects", {
        headers,
        body: { name, workflow: "none" },
      });
      return [status, String(JSON.parse(text).id)];
    };
    const [here, there] = [await create("local", "Cookbook"), await create("acme", "Cookbook")];
    expect([here[0], there[0], here[1] === there[1]]).toEqual([201, 201, false]);
    expect(await create("local", "Cookbook")).toEqual(here);
    expect(await create("acme", "Cookbook")).toEqual(there);
  });
});

describe("a socket", () => {
  const connect = (caller: Caller | null, id: string, project_id?: string) =>
    happen(caller, id, {
      requestContext: { eventType: "CONNECT" },
      headers: {},
      ...(project_id && { queryStringParameters: { project_id, after: "0" } }),
    });
  const say = (caller: Caller | null, id: string, message: object) =>
    happen(caller, id, {
      requestContext: { eventType: "MESSAGE" },
      body: JSON.stringify(message),
    });
  const hangUp = (caller: Caller | null, id: string) =>
    happen(caller, id, { requestContext: { eventType: "DISCONNECT" } });
  const framesOf = (id: string) =>
    backend.gateway.frames.flatMap(({ connection_id, frame }) =>
      connection_id === id ? [frame as { type: string; problem?: { type: string } }] : [],
    );
  const toldOf = (id: string) => framesOf(id).map(({ type, problem }) => problem?.type ?? type);
  const watchers = async (tenant: string, project_id: string) =>
    (await backend.deps.listSubscriptions({ tenant, project_id })).map((row) => row.connection_id);

  test.each(["subscribe", "ping"])("learns nothing of another tenant's: %s", async (action) => {
    const id = `nosy-${action}=`;
    await connect(zoe, id);
    await say(zoe, id, {
      action,
      project_id: anns.project_id,
      [action === "ping" ? "last" : "after"]: 0,
    });
    expect(toldOf(id)).toEqual(["/problems/not-found"]);
    expect(await watchers("acme", anns.project_id)).not.toContain(id);
  });

  test("that names another tenant's project in its address watches nothing", async () => {
    await connect(zoe, "addressed=", anns.project_id);
    await backend.fanOut();
    expect(toldOf("addressed=")).toEqual(["/problems/not-found"]);
    expect(await watchers("acme", anns.project_id)).toEqual([]);
    expect(await watchers("local", anns.project_id)).toEqual([]);
  });

  test("is not steered or ended by another tenant that knows its id", async () => {
    const { project_id } = anns;
    await connect(ann, "anns=");
    await say(ann, "anns=", { action: "subscribe", project_id });
    await say(zoe, "anns=", { action: "unsubscribe", project_id });
    await hangUp(zoe, "anns=");
    expect(await watchers("local", project_id)).toEqual(["anns="]);
    await hangUp(ann, "anns=");
    expect(await watchers("local", project_id)).toEqual([]);
  });

  test("opens for a known caller with a role, and for nobody else", async () => {
    const statuses = await Promise.all(
      [null, { ...bob, roles: [] }, bob].map((caller, n) => connect(caller, `door-${n}=`)),
    );
    expect(statuses).toMatchObject([{ statusCode: 401 }, { statusCode: 403 }, { statusCode: 200 }]);
  });

  test("is asked with each message who is behind it", async () => {
    await connect(bob, "asked=");
    await say(null, "asked=", { action: "ping" });
    await say({ ...bob, roles: [] }, "asked=", { action: "ping" });
    await say(bob, "asked=", { action: "ping" });
    expect(toldOf("asked=")).toEqual(["/problems/unauthenticated", "/problems/forbidden", "pong"]);
  });

  test("of AUTH_MODE=none stays that of the user who opened it", async () => {
    const open = openRequests({ ...backend.platform, authenticate: authenticators.none });
    const { id: project_id } = await anns.on.project();
    const event = (eventType: string, more: object = {}) =>
      open.happen(null, "open=", { requestContext: { eventType }, ...more });
    await event("CONNECT", { headers: { "X-User-Id": "cem" } });
    await event("MESSAGE", { body: JSON.stringify({ action: "subscribe", project_id }) });
    const watching = await backend.deps.listSubscriptions({ tenant: "local", project_id });
    expect(watching).toMatchObject([{ connection_id: "open=", user_id: "cem" }]);
    await event("DISCONNECT");
    expect(await watchers("local", project_id)).toEqual([]);
  });
});
