import { expect, test } from "vitest";
import { createProject, createTask, instant, origin, taskReaches } from "./client.ts";

interface Component {
  status: string;
  message: string;
  latency_ms: number;
  [more: string]: unknown;
}
interface Health {
  status: string;
  components: Record<string, Component>;
}

const read = async <T>(path: string) => {
  const response = await fetch(`${origin}${path}`);
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return { response, text, body: (isJson ? JSON.parse(text) : null) as T };
};

const routes = [
  "POST /projects",
  "GET /projects",
  "GET /projects/{}",
  "PATCH /projects/{}",
  "GET /projects/{}/status",
  "POST /projects/{}/pause",
  "POST /projects/{}/resume",
  "POST /projects/{}/cancel",
  "GET /projects/{}/tasks",
  "POST /projects/{}/tasks",
  "GET /projects/{}/tasks/{}",
  "POST /projects/{}/tasks/{}/cancel",
  "POST /projects/{}/tasks/{}/retry",
  "GET /projects/{}/completion",
  "POST /projects/{}/force-complete",
  "GET /projects/{}/events",
  "GET /projects/{}/agents",
  "POST /projects/{}/agents/{}/reset",
  "GET /agents/status",
  "GET /agents/status/{}",
  "POST /projects/{}/artifacts",
  "GET /context/project/{}/artifacts",
  "GET /context/artifacts/{}",
  "PUT /context/artifacts/{}",
  "DELETE /context/artifacts/{}",
  "POST /projects/{}/hitl",
  "GET /hitl/pending",
  "GET /hitl/project/{}/requests",
  "GET /hitl/{}",
  "GET /hitl/{}/history",
  "GET /hitl/{}/context",
  "POST /hitl/{}/respond",
  "POST /hitl/bulk/approve",
];

const eventTypes =
  "project_created project_updated workflow_event task_created task_started task_progress task_retry_scheduled task_completed task_failed task_cancelled agent_status_change artifact_created artifact_updated artifact_deleted handoff_created hitl_request_created hitl_response hitl_expired agent_chat_message error".split(
    " ",
  );

test("the process answers", async () => {
  const { response, body } = await read("/health");
  expect(response.status).toBe(200);
  expect(response.headers.get("x-request-id")).toBeTruthy();
  expect(body).toMatchObject({ status: "healthy", timestamp: expect.stringMatching(instant) });
});

test("it is ready to take traffic", async () => {
  expect((await read("/health/ready")).response.status).toBe(200);
});

test.each(["/health/detailed", "/healthz"])("%s probes each component", async (path) => {
  await taskReaches(await createTask((await createProject()).id), "completed");
  const { response, body } = await read<Health>(path);
  expect(response.status).toBe(200);
  expect(body.status).toMatch(/^(healthy|degraded)$/);
  for (const name of ["database", "task_queue", "websocket", "llm_providers", "mcp_servers"])
    expect(body.components[name], name).toMatchObject({
      status: expect.stringMatching(/./),
      message: expect.any(String),
      latency_ms: expect.any(Number),
    });
  expect(body.components.database?.status).toBe("healthy");
  expect(body.components.task_queue?.status).toBe("healthy");
});

test("the queue's probe gives its figures", async () => {
  const { body } = await read<Health>("/health/detailed");
  const queue = JSON.stringify(body.components.task_queue);
  for (const figure of ["depth", "age", "dead_letter"]) expect(queue).toContain(figure);
});

test("the REST document is OpenAPI 3.1 and has every route", async () => {
  const { response, body } = await read<{
    openapi: string;
    paths: Record<string, Record<string, unknown>>;
  }>("/openapi.json");
  expect(response.status).toBe(200);
  expect(body.openapi).toMatch(/^3\.1/);
  const documented = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(
      (method) =>
        `${method.toUpperCase()} ${path.replace("/api/v1", "").replaceAll(/\{\w+\}/g, "{}")}`,
    ),
  );
  expect(routes.filter((route) => !documented.includes(route))).toEqual([]);
});

test("all references within the REST document lead somewhere", async () => {
  const { text, body } = await read<Record<string, unknown>>("/openapi.json");
  const references = new Set([...text.matchAll(/"\$ref":\s*"([^"]+)"/g)].map((m) => m[1] ?? ""));
  const find = (reference: string) =>
    reference
      .slice(2)
      .split("/")
      .reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], body);
  expect([...references].filter((reference) => find(reference) === undefined)).toEqual([]);
});

test("the socket document is AsyncAPI 3 and names every event type", async () => {
  const { response, text, body } = await read<{ asyncapi: string }>("/asyncapi.json");
  expect(response.status).toBe(200);
  expect(body.asyncapi).toMatch(/^3\./);
  expect(eventTypes.filter((type) => !text.includes(`"${type}"`))).toEqual([]);
});

test("the API page needs nothing from elsewhere", async () => {
  const { response, text } = await read("/docs");
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^text\/html/);
  expect(text).toContain("/hitl/");
  expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\/(?!127\.0\.0\.1)[^"]*\.(?:js|css)/);
});
