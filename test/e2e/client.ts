import { createHash, randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { inject } from "vitest";
import { limits } from "../support/limits.ts";
import { undeclaredProblem } from "../support/undeclared-problem.ts";
import type {
  Artifact,
  HitlRequest,
  Problem,
  Project,
  ProjectEvent,
  Status,
  Task,
} from "./model.ts";

export const origin = inject("http");
export const base = `${origin}/api/v1`;
if (!origin) throw new Error("run the e2e project: its globalSetup starts the stack");

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

type HeaderFields = Record<string, string>;

/**
 * `route` is "METHOD /path" below /api/v1; a string as body goes out as it is.
 *
 * @throws when the answer is a problem that its route does not list
 */
export const call = async <T = Problem>(
  route: string,
  body?: unknown,
  headers: HeaderFields = {},
): Promise<Answer<T>> => {
  const [method = "", path = ""] = route.split(" ");
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(limits.waitMs),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "") && text !== "";
  const answered = isJson ? JSON.parse(text) : text;
  const [address = ""] = path.split("?");
  const { status } = response;
  const wrong = undeclaredProblem(method, `/api/v1${address}`, { status, type: answered?.type });
  if (wrong) throw new Error(wrong);
  return { status, headers: response.headers, body: answered as T };
};

/** A read that is told 503 is asked again, as every client does. */
const patientCall = async <T>(route: string, body?: unknown, headers?: HeaderFields) => {
  const deadline = Date.now() + limits.waitMs;
  for (;;) {
    const answer = await call<T>(route, body, headers);
    const isBusy = answer.status === 503 && route.startsWith("GET ");
    if (!isBusy || Date.now() > deadline) return answer;
    await delay(150);
  }
};

/** The body of an answer that has to be a success. */
export const ok = async <T>(route: string, body?: unknown, headers?: HeaderFields): Promise<T> => {
  const answer = await patientCall<T>(route, body, headers);
  if (answer.status >= 300)
    throw new Error(`${route} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};

/** Reads until the value is what is waited for, less and less often; fails with the last value when time is up. */
export const waitFor = async <T>(
  read: () => T | Promise<T>,
  until: (value: T) => boolean,
  { everyMs = 100 } = {},
): Promise<T> => {
  const deadline = Date.now() + limits.waitMs;
  let pauseMs = everyMs;
  for (;;) {
    const value = await read();
    if (until(value)) return value;
    if (Date.now() > deadline)
      throw new Error(
        `waited ${limits.waitMs} ms for ${until}; last: ${JSON.stringify(value)?.slice(0, 2_000)}`,
      );
    await delay(pauseMs);
    pauseMs = Math.min(pauseMs * 1.3, everyMs * 4);
  }
};

export const createProject = (fields: object = {}, headers?: HeaderFields) =>
  ok<Project>("POST /projects", { name: "Tea shop", workflow: "none", ...fields }, headers);

export const createTask = (projectId: string, fields: object = {}) =>
  ok<Task>(`POST /projects/${projectId}/tasks`, {
    agent_type: "coder",
    instructions: "Write the price list",
    ...fields,
  });

export const createArtifact = (projectId: string, content: unknown, fields: object = {}) =>
  ok<Artifact>(`POST /projects/${projectId}/artifacts`, {
    artifact_type: "user_input",
    content,
    ...fields,
  });

export const statusOf = (projectId: string) => ok<Status>(`GET /projects/${projectId}/status`);

export const taskOf = ({ project_id, task_id }: Pick<Task, "project_id" | "task_id">) =>
  ok<Task>(`GET /projects/${project_id}/tasks/${task_id}`);

export const requestOf = (requestId: string) => ok<HitlRequest>(`GET /hitl/${requestId}`);

export const artifactsOf = async (projectId: string) =>
  (await ok<{ artifacts: Artifact[] }>(`GET /context/project/${projectId}/artifacts?limit=100`))
    .artifacts;

export const taskReaches = (task: Task, ...statuses: string[]) =>
  waitFor(
    () => taskOf(task),
    ({ status }) => statuses.includes(status),
  );

/** The whole log, page by page. */
export const eventsOf = async (projectId: string, filter = ""): Promise<ProjectEvent[]> => {
  const events: ProjectEvent[] = [];
  let after: number | null = 0;
  while (after !== null) {
    const page: { events: ProjectEvent[]; head: number; next_after: number | null } = await ok(
      `GET /projects/${projectId}/events?limit=100&after=${after}${filter}`,
    );
    events.push(...page.events);
    after = page.next_after === null || page.next_after >= page.head ? null : page.next_after;
  }
  return events;
};

export const eventsOfType = async (projectId: string, type: string) =>
  (await eventsOf(projectId)).filter(({ event_type }) => event_type === type);

/** What `workflow_event`s say, in order. */
export const workflowEvents = async (projectId: string) =>
  (await eventsOfType(projectId, "workflow_event")).map(({ data }) => data.event);

/** The request that waits for a person, once there is one. */
export const pendingRequest = async (projectId: string): Promise<HitlRequest> => {
  const { pending_hitl } = await waitFor(
    () => statusOf(projectId),
    (status) => status.pending_hitl.length > 0,
  );
  return requestOf(pending_hitl[0]?.request_id ?? "");
};

export const respond = <T>(requestId: string, body: object, headers?: HeaderFields) =>
  call<T>(`POST /hitl/${requestId}/respond`, body, headers);

export const approve = (requestId: string) =>
  ok(`POST /hitl/${requestId}/respond`, { action: "approve" });

/** Answers every request with yes until the project is in one of these states. */
export const approveUntil = (projectId: string, ...statuses: string[]) =>
  waitFor(
    async () => {
      const status = await statusOf(projectId);
      for (const { request_id } of status.pending_hitl) await approve(request_id);
      return status;
    },
    ({ status }) => statuses.includes(status),
  );

/** A proof that the worker had its time: a task elsewhere went from creation to its end. */
export const anotherTaskCompletes = async () =>
  taskReaches(await createTask((await createProject()).id), "completed");

/** The pages of a list, to its end or until there are `maxPages`. */
export const walk = async <T>(path: string, list: string, maxPages = 50): Promise<T[][]> => {
  const pages: T[][] = [];
  let cursor: string | null = "";
  while (cursor !== null && pages.length < maxPages) {
    const next: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const page: Record<string, unknown> = await ok(`GET ${path}${next}`);
    pages.push(page[list] as T[]);
    cursor = page.next_cursor as string | null;
  }
  return pages;
};

/** A well-formed id (version 7) that nothing has. */
export const unknownId = () => {
  const hex = Date.now().toString(16).padStart(12, "0") + randomBytes(10).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** JSON with sorted keys and without spaces (RFC 8785). */
const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(",")}}`;
};

export const sha256 = (content: unknown) =>
  createHash("sha256").update(canonicalJson(content)).digest("hex");

export const uuid7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
