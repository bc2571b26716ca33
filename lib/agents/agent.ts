import type { AgentType } from "../domain/agent.ts";
import type { ArtifactType } from "../domain/artifact.ts";
import type { Json } from "../domain/json.ts";

/** What the human said to something this task asked or produced. */
export type HumanAnswer = {
  question: string;
  action: "approve" | "amend";
  content: unknown;
  comment: string | null;
};

/** One earlier artifact, with its content. */
export type ContextItem = {
  context_id: string;
  artifact_type: ArtifactType;
  source_agent: AgentType | "user";
  version: number;
  content: unknown;
};

export type AgentRequest = {
  project: { id: string; name: string; description: string | null };
  task: {
    task_id: string;
    name: string;
    agent_type: AgentType;
    instructions: string;
    /** 1 for the first attempt. */
    attempt: number;
    output_type: ArtifactType;
  };
  /** How many test runs of this project have failed before this run. */
  failed_test_runs: number;
  /** Oldest first. */
  context: readonly ContextItem[];
  /** The human's answers for this task, oldest first. */
  answers: readonly HumanAnswer[];
};

export type AgentTools = {
  /** Tells watchers what is going on (0..100); also shows that the agent is alive. Costs a commit. */
  progress: (percentage: number, message: string) => Promise<void>;
  /** Rejects with the signal's reason when the run is aborted. */
  sleep: (ms: number) => Promise<void>;
  signal: AbortSignal;
};

export type AgentOutput = {
  kind: "output";
  content: Json;
  metadata?: Record<string, Json>;
  /** 0..1 */
  confidence: number;
  /** Only testers say it. */
  tests_passed?: boolean;
  /** One sentence for the log. */
  summary: string;
};

export type AgentResult =
  | AgentOutput
  | { kind: "question"; question: string; options?: readonly string[] };

/** `name` says who runs behind the interface; logs and metadata carry it. */
export type Agent = {
  agent_type: AgentType;
  name: string;
  run: (request: AgentRequest, tools: AgentTools) => Promise<AgentResult>;
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
