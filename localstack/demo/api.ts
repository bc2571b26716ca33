import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { ContextArtifact } from "../../lib/domain/artifact/artifact.ts";
import type { Project } from "../../lib/domain/project/project.ts";
import type { ProblemDocument } from "../../lib/http/openapi/problems.ts";
import type { RespondBody } from "./answers.ts";

const TIMEOUT_MS = 30_000;
const maxTries = 4;
const PAUSE_MS = 500;

/** Thrown when the stack refuses a request. The message is its reason. */
export class Refused extends Error {
  override name = "Refused";
  readonly status: number;

  constructor({ status, detail }: Pick<ProblemDocument, "status" | "detail">) {
    super(detail);
    this.status = status;
  }
}

type Call = { method: "GET" | "POST"; path: string; body?: unknown };

const readAnswer = async <T>(response: Response): Promise<T> => {
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as T;
  const isProblem = response.headers.get("content-type")?.includes("json");
  const detail = `${response.url} answers ${response.status}`;
  const problem = { status: response.status, detail };
  throw new Refused(
    isProblem ? { ...problem, ...(JSON.parse(text) as Partial<ProblemDocument>) } : problem,
  );
};

const send = async (base: string, { method, path, body }: Call, key: string) => {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (method === "POST") headers["idempotency-key"] = key;
  try {
    return await fetch(`${base}/api/v1${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    return null;
  }
};

const isPassing = (response: Response | null) =>
  response === null || response.status === 429 || response.status >= 500;

/**
 * Sends a request, and again after no answer, a 429 or a 5xx. Its idempotency key makes a repeated POST count once.
 *
 * @throws Refused when the stack refuses it
 * @throws Error when the stack does not answer
 */
const call = async <T>(base: string, request: Call, tries = maxTries): Promise<T> => {
  const key = randomUUID();
  let response: Response | null = null;
  for (let round = 1; round <= tries; round += 1) {
    response = await send(base, request, key);
    if (!isPassing(response) || round === tries) break;
    await response?.body?.cancel();
    await delay(PAUSE_MS * round);
  }
  if (response) return readAnswer<T>(response);
  throw new Error(
    `Nothing answers at ${base}: start the stack with npm run dev in another terminal.`,
  );
};

/** Opens the calls of the demo to the stack at `base`. Each throws Refused, or Error when the stack does not answer. */
export const openApi = (base: string) => ({
  createProject: (fields: { name: string; description: string; oversight_level: string }) =>
    call<Project>(base, { method: "POST", path: "/projects", body: fields }, 1),
  getProject: (id: string) => call<Project>(base, { method: "GET", path: `/projects/${id}` }, 1),
  resumeProject: (id: string) =>
    call<Project>(base, { method: "POST", path: `/projects/${id}/resume` }),
  shownArtifacts: async (requestId: string) =>
    (
      await call<{ artifacts: ContextArtifact[] }>(base, {
        method: "GET",
        path: `/hitl/${requestId}/context`,
      })
    ).artifacts,
  respond: (requestId: string, answer: RespondBody) =>
    call<unknown>(base, { method: "POST", path: `/hitl/${requestId}/respond`, body: answer }),
});

export type Api = ReturnType<typeof openApi>;
