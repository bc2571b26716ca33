import * as z from "zod";
import type { ArtifactType } from "../domain/artifact/artifact-type.ts";
import type { CallOutcome } from "../domain/budget/breaker.ts";
import type { Verdict } from "../domain/budget/budget.ts";
import type { Doubt } from "../domain/budget/doubt.ts";
import type { Lesson } from "../domain/budget/lessons.ts";
import type { CallPlan, CallResult } from "../domain/budget/model-call.ts";
import { Json, JsonObject, wellFormed } from "../domain/json.ts";
import type { AgentType } from "../domain/project/agent.ts";
import type { Handoff } from "../domain/task/handoff.ts";
import type { SideEffect } from "../domain/task/side-effect.ts";
import type { Step } from "../domain/workflow/workflow.ts";

/** A person's response to a question or an artifact of this task. */
export type HumanAnswer = {
  question: string;
  action: "approve" | "amend";
  content: unknown;
  comment: string | null;
};

/** One earlier artifact, without its content. */
export type ContextHead = {
  context_id: string;
  artifact_type: ArtifactType;
  source_agent: AgentType | "user";
  version: number;
  updated_at: string;
};

/** One earlier artifact, with its content. */
export type ContextItem = ContextHead & { content: unknown };

/** An objection to another agent's work. The task cannot go on before the mediator has ruled on it. */
export const Conflict = z.object({
  /** The agent type whose work is objected to. */
  with_agent: z.string().min(1).max(40),
  /** What both agents say, and why only one can be right. */
  objection: z.string().min(1),
  proposal: z.string().min(1),
});
export type Conflict = z.infer<typeof Conflict>;

/** A conflict with the mediator's decision. */
const Ruling = Conflict.extend({ ruling: Json });
export type Ruling = z.infer<typeof Ruling>;

/** What a task stores for its next run: the rulings so far, and the agent's checkpoint (`transcript`). */
export const KeptRun = z.object({ rulings: z.array(Ruling), transcript: Json });

export type AgentRequest = {
  project: { id: string; name: string; description: string | null; workflow: string };
  task: {
    task_id: string;
    name: string;
    agent_type: AgentType;
    /** Its step in the project's workflow; null for a task outside the workflow. */
    step: Step | null;
    instructions: string;
    /** 1 for the first attempt. */
    attempt: number;
    /** Attempts before this one that failed, since the task was created or a person last had a say. */
    failed_attempts: number;
    output_type: ArtifactType;
    handoff: Pick<Handoff, "from_agent" | "instructions" | "context_ids"> | null;
  };
  /** Number of test runs of this project that failed before this run. */
  failed_test_runs: number;
  /** The project's artifacts, oldest first. */
  context: readonly ContextItem[];
  /** The person's responses for this task, oldest first. */
  answers: readonly HumanAnswer[];
  /** The mediator's rulings, oldest first. */
  rulings: readonly Ruling[];
  /** The conflict that the orchestrator must decide; null when the run is no mediation. */
  mediates: Conflict | null;
  /** The checkpoint of an earlier run, which asked a person or failed; null when there is none. */
  transcript: Json;
};

/** Names the model call that a piece of text comes from. */
export type Writing = { agent_type: AgentType; call_id: string };

/** Says whether a provider may be called now. All workers share its state. */
export type ProviderGate = {
  /** Asks before a call. For a paused provider it gives the end of the pause, and the failure that caused it. */
  admit: (
    provider: string,
  ) => Promise<{ allowed: true } | { allowed: false; retry_at: string; because: string | null }>;
  /** Reports the end of a call that was admitted, also of one that was cancelled. */
  report: (provider: string, outcome: CallOutcome) => Promise<void>;
  /** Gives what the provider's refusals have shown, and still holds. */
  lessons: (provider: string) => Promise<readonly Lesson[]>;
  /** Remembers a lesson, for all processes. */
  learn: (provider: string, lesson: Lesson) => Promise<void>;
  /** Notes that a count of tokens was not believed. It never rejects. */
  doubt: (provider: string, doubt: Omit<Doubt, "at">) => Promise<void>;
};

/** What a running agent may do: read, ask, report progress, spend. */
export type AgentContext = {
  /** Reports progress (0..100 percent) in one commit, which also renews the lease. */
  progress: (percentage: number, message: string) => Promise<void>;
  /** Sends watchers a message in words, in one commit. */
  say: (message: string) => Promise<void>;
  /** Sends watchers the text of one model call while it is written. Pieces are sent together, and not stored. */
  stream: (call: Writing) => (piece: string) => void;
  /** Rejects with the signal's reason when the run is aborted. */
  sleep: (ms: number) => Promise<void>;
  signal: AbortSignal;
  /** Gives the milliseconds until the time of the attempt is over, and `signal` aborts. */
  timeLeftMs: () => number;
  /** Reserves and settles the money of model calls. Each `call_id` of `reserve` must be settled exactly once. */
  spend: {
    reserve: (plan: CallPlan) => Promise<{ call_id: string; verdict: Verdict }>;
    settle: (call_id: string, result: CallResult) => Promise<void>;
  };
  breaker: ProviderGate;
  /** Keeps what was said in a model call, if transcripts are kept: `make` is called only then. It never rejects. */
  keepTranscript: (call_id: string, make: () => unknown) => Promise<void>;
  /** The project's context store. */
  context: {
    list: () => Promise<ContextHead[]>;
    /** Gives null when the project has no such artifact. */
    read: (context_id: string, version?: number) => Promise<ContextItem | null>;
    /** Stores a new artifact and gives its `context_id`. A second call with the same `key` stores nothing. */
    write: (note: { key: string; artifact_type: ArtifactType; content: Json }) => Promise<string>;
  };
  /** The task's side effects. Each key begins at most once in the life of the task, over all attempts. */
  effects: {
    /** Begins one in a commit and gives null; gives the stored side effect when the key has begun before. */
    begin: (key: string, what: string) => Promise<SideEffect | null>;
    /** Stores its outcome in a commit. */
    end: (key: string, outcome: string) => Promise<void>;
    /** Gives them oldest first; when there are too many to keep, only the newest. */
    list: () => readonly SideEffect[];
    /** Gives the last one with exactly this description. */
    latest: (what: string) => SideEffect | undefined;
  };
  /** Stores a checkpoint: when this attempt fails or its worker dies, the next attempt gets this transcript. */
  checkpoint: (transcript: Json) => Promise<void>;
};

const AgentOutput = z.object({
  kind: z.literal("output"),
  content: Json,
  metadata: JsonObject.exactOptional(),
  confidence: z.number().min(0).max(1),
  /** Questions that are shown at the next gate; the task does not wait for them. */
  open_questions: z.array(z.string()).exactOptional(),
  /** Only in the output of a tester. */
  tests_passed: z.boolean().exactOptional(),
  /** One sentence for the log. */
  summary: z.string(),
});
export type AgentOutput = z.infer<typeof AgentOutput>;

const AgentQuestion = z.object({
  kind: z.literal("question"),
  question: z.string().min(1),
  options: z.array(z.string()).readonly().exactOptional(),
  transcript: Json.exactOptional(),
});

/** The agent needs a ruling on a conflict before it can go on. */
const AgentConflict = z.object({ kind: z.literal("conflict"), conflict: Conflict });

/** A budget's limit forbids the next model call, which needs and may cost so much: the task waits, or a person decides. */
const AgentStop = z.object({
  kind: z.literal("budget"),
  wanted: z.object({ minCost: z.int().nonnegative(), maxCost: z.int().nonnegative() }),
  transcript: Json.exactOptional(),
});

/** How a run of an agent may end. */
const AgentResult = z.discriminatedUnion("kind", [
  AgentOutput,
  AgentQuestion,
  AgentConflict,
  AgentStop,
]);
export type AgentResult = z.infer<typeof AgentResult>;

/** An agent that can run. `name` says what plays it, for logs and metadata. */
export type Agent = {
  agent_type: AgentType;
  name: string;
  run: (request: AgentRequest, agentContext: AgentContext) => Promise<AgentResult>;
};

/** A failure of a run. `retryable`: another attempt may succeed. */
export class AgentError extends Error {
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, options: ErrorOptions & { retryable: boolean }) {
    super(message, options);
    this.name = "AgentError";
    this.code = code;
    this.retryable = options.retryable;
  }
}

/**
 * Checks the result of a run before it is stored, and replaces half surrogate pairs in it by U+FFFD.
 *
 * @throws AgentError `invalid_result` (retryable)
 */
export const checkResult = (result: unknown): AgentResult => {
  const parsed = AgentResult.safeParse(result);
  if (parsed.success) return wellFormed(parsed.data);
  throw new AgentError("invalid_result", z.prettifyError(parsed.error), { retryable: true });
};
