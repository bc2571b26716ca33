import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serveAgents } from "../../functions/bindings/agents.ts";
import { serveContext } from "../../functions/bindings/context.ts";
import { serveHitl } from "../../functions/bindings/hitl.ts";
import { serveProjects } from "../../functions/bindings/projects.ts";
import { serveTasks } from "../../functions/bindings/tasks.ts";
import { openHttp } from "../../functions/wiring/http.ts";
import { maxContentBytes } from "../../lib/domain/artifact/artifact.ts";
import { type ProblemCode, problems } from "../../lib/domain/problem.ts";
import { declaredProblems } from "../../lib/http/declared-problems.ts";
import { idempotencyKeyOf } from "../../lib/http/idempotency-key.ts";
import { type Route, routeKeyOf } from "../../lib/http/route.ts";
import { healthRoutes } from "../../lib/http/routes/health.ts";
import { routes } from "../../lib/http/routes.ts";
import { addArtifact } from "../../lib/services/artifacts/artifacts.ts";
import { cancel } from "../../lib/services/projects/steer-project.ts";
import { openRequest } from "../../lib/services/requests/open-request.ts";
import { callers } from "../support/authenticator.ts";
import { aCall, startBackend } from "../support/backend.ts";
import { undeclaredProblem } from "../support/undeclared-problem.ts";
import { useCasesOf } from "../support/use-cases.ts";
import { aContext, anEvent } from "../unit/http/event.ts";

const backend = await startBackend();
const { deps, platform } = backend;
const on = useCasesOf(backend);
afterAll(() => backend[Symbol.asyncDispose]());

const handler = openHttp(platform, (all) => [
  ...serveProjects(all),
  ...serveTasks(all),
  ...serveAgents(all),
  ...serveContext(all),
  ...serveHitl(all),
]);

type Ids = Record<
  "project_id" | "task_id" | "request_id" | "context_id" | "agent_type" | "call_id",
  string
>;

/** A project with a task that waits for an answer, and an artifact. */
const filled = async (): Promise<Ids> => {
  const { id: project_id } = await on.project();
  const { task_id } = await on.task(project_id, "Write a haiku.");
  const { context_id } = await on.perform(
    addArtifact(deps, aCall(), {
      project_id,
      artifact_type: "user_input",
      content: "Books.",
      artifact_metadata: {},
    }),
  );
  const ask = { project_id, task_id, question: "Which?", options: [], context_ids: [] };
  const { request_id } = await on.perform(openRequest(ask));
  return { ...nowhere(), project_id, task_id, request_id, context_id };
};

let open: Ids;
let closed: Ids;
beforeAll(async () => {
  open = await filled();
  closed = await filled();
  await on.perform(cancel(closed));
});

const nowhere = (): Ids => ({
  project_id: platform.newId(),
  task_id: platform.newId(),
  request_id: platform.newId(),
  context_id: platform.newId(),
  agent_type: "coder",
  call_id: platform.newId(),
});

/** Bodies that are as they should be. */
const bodies: Record<string, (ids: Ids) => object> = {
  createProject: () => ({ name: "Bookshop", workflow: "none" }),
  updateProject: () => ({ name: "Book shop" }),
  createTask: () => ({ agent_type: "coder", instructions: "Write a haiku." }),
  addArtifact: () => ({ artifact_type: "user_input", content: "Maps." }),
  replaceArtifact: () => ({ content: "Maps." }),
  openHitlRequest: ({ task_id }) => ({ task_id, question: "Which?" }),
  respondToHitlRequest: () => ({ action: "amend", content: "Shorter." }),
  bulkApprove: ({ request_id }) => ({ request_ids: [request_id] }),
};

type Sent = Parameters<typeof anEvent>[0];

const requestFor = (route: Route, ids: Ids, fields: Sent = {}) => {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as keyof Ids);
  const body = bodies[route.operationId]?.(ids);
  return anEvent({
    routeKey: routeKeyOf(route),
    path: Object.fromEntries(names.map((name) => [name, ids[name]])),
    ...(body && { body }),
    caller: callers.ann,
    ...fields,
  });
};

const withKey = () => ({ headers: { "idempotency-key": platform.newId() } });

/** Sends a request whose key is taken already: by itself, or by another. */
const sendWithTakenKey = async (route: Route, ids: Ids, payloadHash?: string) => {
  const event = requestFor(route, ids, withKey());
  const body = event.body ? JSON.parse(event.body) : undefined;
  const idempotencyKey = idempotencyKeyOf({ ...event, body }, aCall(), platform.newId());
  if (idempotencyKey)
    await deps.claimKey({ ...idempotencyKey, ...(payloadHash && { payloadHash }) });
  return event;
};

const wrong = (route: Route, ids: Ids): Sent => {
  const [name] = Object.keys((route.request.shape.path as { shape?: object })?.shape ?? {});
  if (name) return { path: { ...ids, [name]: "Not one" } };
  return route.request.shape.body ? { body: {} } : { query: { limit: "0" } };
};

/** How each problem is provoked. */
const provoke: { [Code in ProblemCode]?: (route: Route) => object | Promise<object> } = {
  unauthenticated: (route) => requestFor(route, open, { caller: undefined }),
  forbidden: (route) => requestFor(route, open, { caller: { ...callers.ann, roles: [] } }),
  "malformed-json": (route) => requestFor(route, open, { body: "{" }),
  "unsupported-media-type": (route) =>
    requestFor(route, open, { body: "{}", headers: { "content-type": "text/plain" } }),
  "invalid-request": (route) => requestFor(route, open, wrong(route, open)),
  "not-found": (route) => requestFor(route, nowhere()),
  conflict: (route) => requestFor(route, closed),
  "already-decided": (route) => requestFor(route, closed),
  "precondition-failed": (route) =>
    requestFor(route, open, { headers: { "if-match": '"another"' } }),
  "too-large": (route) => {
    const body = { ...bodies[route.operationId]?.(open), content: "x".repeat(maxContentBytes) };
    return requestFor(route, open, { body });
  },
  "idempotency-in-progress": (route) => sendWithTakenKey(route, open),
  "idempotency-mismatch": (route) => sendWithTakenKey(route, open, "another"),
};

/** What takes more than a request. */
const excused: { [Code in ProblemCode]?: string } = {
  internal: "a bug: test/unit/http/handle.test.ts",
  "dependency-down": "a table that does not answer: test/unit/http/handle.test.ts, test/faults",
  busy: "many at once: test/unit/services/commit.test.ts, test/integration/status.test.ts",
  "in-doubt": "an answer of the table that is lost: test/unit/services/commit.test.ts, test/faults",
};

const tooManyCalls = "more than 12 000 calls: test/unit/services/calls.test.ts";
const tooLargeOf = "archives of more than a megabyte: test/unit/services/deliverable.test.ts";
const excusedAt: Record<string, { [Code in ProblemCode]?: string }> = {
  exportUsage: { "too-large": tooManyCalls },
  getDeliverableSummary: { "too-large": tooLargeOf },
  downloadDeliverable: { "too-large": tooLargeOf },
};

const served = routes.filter((route) => !healthRoutes.some((health) => health === route));
const pairs = served.flatMap((route) =>
  declaredProblems(route).map((code) => ({ route, code, name: route.operationId })),
);
const isExcused = ({ code, name }: (typeof pairs)[number]) =>
  Boolean(excused[code] ?? excusedAt[name]?.[code]);

const send = async (route: Route, event: object) => {
  const { statusCode = 0, body = "{}" } = await handler(event as never, aContext);
  const { type } = JSON.parse(body) as { type?: string };
  expect(undeclaredProblem(route.method, route.path, { status: statusCode, type })).toBeNull();
  return { status: statusCode, type };
};

describe("each problem that a route lists can happen", () => {
  test.each(pairs.filter((pair) => !isExcused(pair)))("$name: $code", async ({ route, code }) => {
    const event = await provoke[code]?.(route);
    expect(event).toBeDefined();
    expect(await send(route, event ?? {})).toEqual({
      status: problems[code].status,
      type: `/problems/${code}`,
    });
  });
});

test("an excuse is for what is listed", () => {
  const listed = (name: string) =>
    pairs.filter((pair) => pair.name === name).map(({ code }) => code);
  for (const code of Object.keys(excused)) {
    expect(pairs.some((pair) => pair.code === code)).toBe(true);
    expect(provoke[code as ProblemCode]).toBeUndefined();
  }
  for (const [name, codes] of Object.entries(excusedAt)) {
    expect(listed(name)).toEqual(expect.arrayContaining(Object.keys(codes)));
  }
});

test("a problem that a route does not list is found", () => {
  const type = "/problems/already-decided";
  expect(undeclaredProblem("POST", "/api/v1/projects/p/pause", { status: 409, type })).toContain(
    "pause answered already-decided",
  );
  expect(undeclaredProblem("POST", "/api/v1/hitl/r/respond", { status: 409, type })).toBeNull();
});
