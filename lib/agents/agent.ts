import * as z from "zod";
import type { AgentType } from "../domain/agent.ts";
import type { ArtifactType } from "../domain/artifact.ts";
import { Json, JsonObject } from "../domain/json.ts";

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

const AgentOutput = z.object({
  kind: z.literal("output"),
  content: Json,
  metadata: JsonObject.exactOptional(),
  confidence: z.number().min(0).max(1),
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
});

/** What an agent may answer. */
const AgentResult = z.discriminatedUnion("kind", [AgentOutput, AgentQuestion]);
export type AgentResult = z.infer<typeof AgentResult>;

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
