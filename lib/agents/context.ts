import * as z from "zod";
import type { ArtifactType } from "../domain/artifact/artifact-type.ts";
import type { CallOutcome } from "../domain/budget/breaker.ts";
import type { Verdict } from "../domain/budget/budget.ts";
import { LimitQuestion } from "../domain/budget/limit.ts";
import type { CallPlan, CallResult } from "../domain/budget/model-call.ts";
import { Json, JsonObject } from "../domain/json.ts";
import type { AgentType } from "../domain/project/agent.ts";
import type { Handoff } from "../domain/task/handoff.ts";
import type { SideEffect } from "../domain/task/side-effect.ts";
import type { Step } from "../domain/workflow/workflow.ts";

/** What the human said to something this task asked or produced. */
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

/** What an agent finds wrong in another agent's work, and cannot go on without settling. */
export const Conflict = z.object({
  /** Whose work it is. */
  with_agent: z.string().min(1).max(40),
  /** What the two say, and why both cannot hold. */
  objection: z.string().min(1),
  proposal: z.string().min(1),
});
export type Conflict = z.infer<typeof Conflict>;

/** What the mediator said to a conflict. */
const Ruling = Conflict.extend({ ruling: Json });
export type Ruling = z.infer<typeof Ruling>;

/** What a task keeps for a later run: the rulings so far, and what the agent itself goes on from. */
export const KeptRun = z.object({ rulings: z.array(Ruling), transcript: Json });

export type AgentRequest = {
  project: { id: string; name: string; description: string | null; workflow: string };
  task: {
    task_id: string;
    name: string;
    agent_type: AgentType;
    /** Its step in the project's workflow; null outside of it. */
    step: Step | null;
    instructions: string;
    /** 1 for the first attempt. */
    attempt: number;
    output_type: ArtifactType;
    handoff: Pick<Handoff, "from_agent" | "instructions" | "context_ids"> | null;
  };
  /** How many test runs of this project have failed before this run. */
  failed_test_runs: number;
  /** Oldest first. */
  context: readonly ContextItem[];
  /** The human's answers for this task, oldest first. */
  answers: readonly HumanAnswer[];
  /** The mediator's rulings, oldest first. */
  rulings: readonly Ruling[];
  /** What the orchestrator is to rule on, where it is asked for that; else null. */
  mediates: Conflict | null;
  /** What an earlier run left to go on from: it stopped to ask, or failed after a checkpoint. Null at the start. */
  transcript: Json;
};

/** Which agent's call a piece of text comes from. */
export type Writing = { agent_type: AgentType; call_id: string };

/** Whether a provider may be called now, shared by all workers. */
export type ProviderGate = {
  /** A provider that is paused says until when, and after which failure. */
  admit: (
    provider: string,
  ) => Promise<{ allowed: true } | { allowed: false; retry_at: string; because: string | null }>;
  /** Who was admitted says how the call ended, also when it was called off. */
  report: (provider: string, outcome: CallOutcome) => Promise<void>;
};

/** What a running agent can do beside thinking. */
export type AgentContext = {
  /** Tells watchers what is going on (0..100); also shows that the agent is alive. Costs a commit. */
  progress: (percentage: number, message: string) => Promise<void>;
  /** Tells watchers something in words. Costs a commit. */
  say: (message: string) => Promise<void>;
  /** Shows watchers, piece by piece, what a model is writing in one call: coalesced, and not kept. */
  stream: (call: Writing) => (piece: string) => void;
  /** Rejects with the signal's reason when the run is aborted. */
  sleep: (ms: number) => Promise<void>;
  signal: AbortSignal;
  /** Money for model calls. `reserve` names the call that `settle` ends; each is settled once, whatever happens. */
  spend: {
    reserve: (plan: CallPlan) => Promise<{ call_id: string; verdict: Verdict }>;
    settle: (call_id: string, result: CallResult) => Promise<void>;
  };
  breaker: ProviderGate;
  /** The project's context store. */
  context: {
    list: () => Promise<ContextHead[]>;
    /** Null when the project has no such artifact. */
    read: (context_id: string, version?: number) => Promise<ContextItem | null>;
    /** Keeps a new artifact; the same `key` again keeps nothing more. */
    write: (note: { key: string; artifact_type: ArtifactType; content: Json }) => Promise<string>;
  };
  /** What has consequences outside: begun at most once under one key in the life of the task, and not forgotten in it. */
  effects: {
    /** Null for the first to begin it; who comes later with its key learns what is known of it. Costs a commit. */
    begin: (key: string, what: string) => Promise<SideEffect | null>;
    /** Says how it ended. Costs a commit. */
    end: (key: string, outcome: string) => Promise<void>;
    /** Oldest first; of very many, the newest. */
    list: () => readonly SideEffect[];
    /** When just the same was begun the last time. */
    latest: (what: string) => SideEffect | undefined;
  };
  /** From here on, should this attempt fail or its worker die, the next one is given this transcript. */
  checkpoint: (transcript: Json) => Promise<void>;
};

const AgentOutput = z.object({
  kind: z.literal("output"),
  content: Json,
  metadata: JsonObject.exactOptional(),
  confidence: z.number().min(0).max(1),
  /** What the agent would like to know; asked where a person decides anyway. */
  open_questions: z.array(z.string()).exactOptional(),
  /** Only testers say it. */
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

/** The agent cannot go on before somebody has settled whose word counts. */
const AgentConflict = z.object({ kind: z.literal("conflict"), conflict: Conflict });

/** A limit of a budget forbids the next call. */
const AgentStop = z.object({
  kind: z.literal("budget"),
  question: z.string().min(1),
  about: LimitQuestion,
  transcript: Json.exactOptional(),
});

/** What an agent may answer. */
const AgentResult = z.discriminatedUnion("kind", [
  AgentOutput,
  AgentQuestion,
  AgentConflict,
  AgentStop,
]);
export type AgentResult = z.infer<typeof AgentResult>;

/** `name` says who runs behind the interface; logs and metadata carry it. */
export type Agent = {
  agent_type: AgentType;
  name: string;
  run: (request: AgentRequest, agentContext: AgentContext) => Promise<AgentResult>;
};

/** A failure of a run. Where it is thrown decides whether another attempt may cure it. */
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
 * An agent's answer, checked: what is written must be readable for ever.
 *
 * @throws AgentError `invalid_result`, which another attempt may cure
 */
export const checkResult = (result: unknown): AgentResult => {
  const parsed = AgentResult.safeParse(result);
  if (parsed.success) return parsed.data;
  throw new AgentError("invalid_result", z.prettifyError(parsed.error), { retryable: true });
};
