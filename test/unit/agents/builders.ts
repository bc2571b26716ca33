import type {
  AgentContext,
  AgentOutput,
  AgentRequest,
  AgentResult,
  ContextItem,
} from "../../../lib/agents/context.ts";
import { type OfflineDeps, offlineAgent } from "../../../lib/agents/offline/offline-agent.ts";
import type { Json } from "../../../lib/domain/json.ts";
import type { Step } from "../../../lib/domain/workflow/workflow.ts";
import { sdlc } from "../../support/builders.ts";

export const cookbook =
  "Recipe sharing site for home cooks. Users can post recipes, rate them and build weekly shopping lists.";

type Changes = {
  name?: string;
  description?: string | null;
  task?: Partial<AgentRequest["task"]>;
} & Partial<Omit<AgentRequest, "project" | "task">>;

/** A valid request for Project Planning of the cookbook, so that a test names only what matters. */
export const aRequest = ({
  name = "Cookbook",
  description = cookbook,
  task,
  ...rest
}: Changes = {}): AgentRequest => ({
  project: { id: "p1", name, description, workflow: "sdlc" },
  task: {
    task_id: "t1",
    name: "Project Planning",
    agent_type: "analyst",
    step: null,
    instructions: "Write a project plan.",
    attempt: 1,
    failed_attempts: 0,
    output_type: "project_plan",
    handoff: null,
    ...task,
  },
  failed_test_runs: 0,
  context: [],
  answers: [],
  rulings: [],
  mediates: null,
  transcript: null,
  ...rest,
});

export const anItem = (item: Partial<ContextItem>): ContextItem => ({
  context_id: "c1",
  artifact_type: "hitl_response",
  source_agent: "user",
  version: 1,
  updated_at: "2030-01-01T00:00:00.000Z",
  content: "Add a login with Google",
  ...item,
});

/** Tools that remember what was done with them and wait for nothing. */
export const fakeTools = (signal = new AbortController().signal) => {
  const calls: string[] = [];
  const kept: Json[] = [];
  const tools: AgentContext = {
    progress: async (percentage, message) => void calls.push(`progress ${percentage} ${message}`),
    say: async (message) => void calls.push(`say ${message}`),
    sleep: async (ms) => void calls.push(`sleep ${ms}`),
    signal,
    timeLeftMs: () => 600_000,
    stream: () => () => undefined,
    effects: {
      begin: async () => null,
      end: async () => undefined,
      list: () => [],
      latest: () => undefined,
    },
    checkpoint: async (transcript) => void kept.push(transcript),
    spend: {
      reserve: async () => {
        throw new Error("An offline agent spends nothing.");
      },
      settle: async () => undefined,
    },
    breaker: {
      admit: async () => ({ allowed: true }),
      report: async () => undefined,
      lessons: async () => [],
      learn: async () => undefined,
      doubt: async () => undefined,
    },
    keepTranscript: async () => undefined,
    context: { list: async () => [], read: async () => null, write: async () => "c1" },
  };
  return { tools, calls, kept };
};

export const run = (request: AgentRequest, deps: OfflineDeps = {}): Promise<AgentResult> =>
  offlineAgent(request.task.agent_type, deps).run(request, fakeTools().tools);

export const runOutput = async (
  request: AgentRequest,
  deps: OfflineDeps = {},
): Promise<AgentOutput> => {
  const result = await run(request, deps);
  if (result.kind !== "output") throw new Error(`Gave a ${result.kind} instead`);
  return result;
};

const taskOf = (step: Step) => ({
  name: step.name,
  agent_type: step.agent_type,
  step,
  instructions: step.instructions,
  output_type: step.output,
});

export type Made = { key: string; type: ContextItem["artifact_type"]; output: AgentOutput };

const remember = (context: readonly ContextItem[], step: Step, output: AgentOutput) => {
  const before = context.find((item) => item.artifact_type === step.output);
  const item = anItem({
    artifact_type: step.output,
    source_agent: step.agent_type,
    version: (before?.version ?? 0) + 1,
    content: output.content,
  });
  return [...context.filter((each) => each !== before), item];
};

/** Runs the whole workflow as the orchestrator would, without its gates; `context` is there from the start. */
export const runWorkflow = async (
  changes: Changes = {},
  deps: OfflineDeps = {},
): Promise<Made[]> => {
  const made: Made[] = [];
  let context = changes.context ?? [];
  let failed_test_runs = 0;
  const queue = sdlc.steps.filter((step) => !step.back_to).map(({ key }) => key);
  for (let key = queue.shift(); key; key = queue.shift()) {
    const step = sdlc.steps.find((each) => each.key === key);
    if (!step) throw new Error(`There is no step ${key}`);
    const request = aRequest({ ...changes, task: taskOf(step), context, failed_test_runs });
    const output = await runOutput(request, deps);
    made.push({ key, type: step.output, output });
    context = remember(context, step, output);
    if (output.tests_passed !== false) continue;
    failed_test_runs += 1;
    queue.unshift("bug_fix", "code_testing");
  }
  return made;
};
