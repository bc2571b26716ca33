import type { AgentContext, AgentOutput, AgentRequest } from "../../../lib/agents/context.ts";
import type { Budgets } from "../../../lib/domain/budget/budget.ts";
import type { Change } from "../../../lib/domain/change.ts";
import type { Json } from "../../../lib/domain/json.ts";
import { Problem } from "../../../lib/domain/problem.ts";
import type { ProjectRecord } from "../../../lib/domain/project/project.ts";
import type { TaskRecord } from "../../../lib/domain/task/task.ts";
import { type RunTaskDeps, runTask } from "../../../lib/services/worker/run-task.ts";
import { aChange, anId, aTask, newId } from "../../support/builders.ts";
import { aStoredProject } from "./stored-project.ts";

export const output: AgentOutput = {
  kind: "output",
  content: "A haiku",
  confidence: 0.9,
  summary: "It is done.",
};

type Run = RunTaskDeps["runAgent"];
export type Given = {
  task?: TaskRecord;
  project?: Partial<ProjectRecord>;
  start?: Change;
  /** How often the output cannot be kept for now. */
  keeping?: number;
  /** The time is over before the agent starts. */
  late?: boolean;
  budgets?: Budgets;
};

/** An error of a call that may pass; the SDK names some of them like a timeout. */
const stumble = Object.assign(new Error("socket hang up"), { name: "TimeoutError" });

/** What is kept: under the digest aaaa… an artifact, under bbbb… what an earlier run of the task left. */
const contents = new Map<string, Json>([
  ["a".repeat(64), "Earlier work"],
  ["b".repeat(64), { rulings: [], transcript: "So far" }],
]);

const message = {
  kind: "task" as const,
  tenant: "local",
  project_id: anId(1),
  task_id: anId(10),
  correlation_id: "c",
};

/** One message of the queue, with an agent that does as it is told. */
export const handle = async (
  agent: (
    request: AgentRequest,
    tools: AgentContext,
    stored: ReturnType<typeof aStoredProject>,
  ) => ReturnType<Run>,
  {
    task = aTask(),
    project = {},
    start = aChange({ project, tasks: [task] }),
    keeping = 0,
    late = false,
    budgets = { task: null, project: null, tenant: null, day: null },
  }: Given = {},
) => {
  const stored = aStoredProject(start);
  const time = new AbortController();
  const tooLate = () => time.abort(new DOMException("Too late", "TimeoutError"));
  if (late) tooLate();
  const requests: AgentRequest[] = [];
  const kept: unknown[] = [];
  let stumbles = keeping;
  const sent: number[] = [];
  let beating = 0;
  const outcome = await runTask(
    {
      ...stored,
      loadContents: async () => contents,
      digest: (content) => ({ sha256: "d".repeat(64), bytes: JSON.stringify(content).length }),
      keepContent: async (_key, { content }) => {
        stumbles -= 1;
        if (stumbles >= 0) throw stumble;
        kept.push(content);
      },
      isTransient: (error) => error === stumble,
      random: () => 0,
      patienceMs: keeping > 9 ? 0 : 30_000,
      touchTask: async () => true,
      sendTask: async (_message, delayMs) => void sent.push(delayMs),
      sleep: async (ms) => {
        if (ms === 0) return;
        await new Promise((resolve) => setImmediate(resolve));
        tooLate();
      },
      every: () => {
        beating += 1;
        return () => {
          beating -= 1;
        };
      },
      timeout: () => time.signal,
      leaseMs: 60_000,
      timeoutMs: 300_000,
      retryBaseMs: 1_000,
      newId,
      budgets,
      listArtifacts: async () => ({ items: [], last: null }),
      findArtifact: async () => {
        throw new Problem("not-found", "There is no artifact.");
      },
      listSubscriptions: async () => [],
      post: async () => "sent",
      onFailed: () => undefined,
      transcriptsMs: null,
      saveTranscript: async () => undefined,
      onTranscriptLost: () => undefined,
      breaker: {
        admit: async () => ({ allowed: true }),
        report: async () => undefined,
        lessons: async () => [],
        learn: async () => undefined,
        doubt: async () => undefined,
      },
      runAgent: (_type, request, tools) => {
        requests.push(request);
        return agent(request, tools, stored);
      },
    },
    message,
  );
  const log = stored.log.map(({ event_type }) => event_type);
  return {
    outcome,
    stored,
    task: stored.state().tasks[anId(10)],
    requests,
    kept,
    sent,
    log,
    beating,
  };
};
