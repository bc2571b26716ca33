import { AgentError, type AgentOutput, type AgentResult } from "../../agents/context.ts";
import { maxContentBytes } from "../../domain/artifact/artifact.ts";
import { type Budgets, ledgersOf } from "../../domain/budget/budget.ts";
import type { Change, Needs, TaskEdit } from "../../domain/change.ts";
import { truncate } from "../../domain/common.ts";
import { askHuman } from "../../domain/request/ask-human.ts";
import { askedRequests, stopAtLimit } from "../../domain/request/stop-at-limit.ts";
import { completeTask, type Delivery, outputTarget } from "../../domain/task/complete-task.ts";
import { type Failure, failAttempt } from "../../domain/task/fail-attempt.ts";
import { findLeased } from "../../domain/task/run-task.ts";
import type { TaskRecord } from "../../domain/task/task.ts";
import type { Commit } from "../commit/commit.ts";
import { retryTransient } from "../retry-transient.ts";
import { keepTranscript, type TranscriptDeps } from "./checkpoint.ts";
import { asAgent, type LeasedTask, projectKeyOf } from "./claim-task.ts";

export type FinishDeps = TranscriptDeps & {
  commit: Commit;
  retryBaseMs: number;
  budgets: Budgets;
  now: () => Date;
};

/** How the handling of one task message ended: for the log and the metrics. */
export type RunOutcome =
  | "completed"
  | "asked"
  | "waiting"
  | "failed"
  | "lost"
  | "skipped"
  | "early";

/** The end of an attempt, ready to be committed. */
export type AttemptEnd = {
  /** Gives how the attempt has ended; the task as the commit has written it decides where it stopped at a limit. */
  outcome: (task: TaskRecord) => RunOutcome;
  edit: TaskEdit;
  /** True when the attempt has an output: the commit then reads the artifact that gets a new version. */
  writesOutput?: boolean;
  /** The instant of an attempt that stopped at a limit: the commit then reads the ledgers of that day. */
  stoppedAt?: string;
};

const timeout = { code: "timeout", message: "The agent took too long." };
const dependencyDown = {
  code: "dependency_down",
  message: "A service that the backend needs did not answer.",
};

const failureOf = ({ isTransient }: FinishDeps, error: unknown, signal: AbortSignal): Failure => {
  const reason = "failed";
  if (error instanceof AgentError) {
    const { code, message, retryable } = error;
    return { reason, retryable, error: { code, message: truncate(message, 1_000) } };
  }
  if (signal.aborted && error === signal.reason) return { reason, retryable: true, error: timeout };
  if (isTransient(error)) return { reason, retryable: true, error: dependencyDown };
  const message = truncate(String(error), 1_000);
  return { reason, retryable: true, error: { code: "agent_error", message } };
};

const tooLarge = (bytes: number) =>
  new AgentError(
    "output_too_large",
    `The output is ${bytes} bytes, more than ${maxContentBytes}.`,
    { retryable: false },
  );

/** Stores the content of the agent's output, and gives what the commit needs to know of it. */
const keepOutput = async (
  deps: FinishDeps,
  leased: LeasedTask,
  output: AgentOutput,
): Promise<Delivery> => {
  const { task } = leased;
  const { content, metadata, summary, confidence, tests_passed, open_questions = [] } = output;
  const { sha256, bytes } = deps.digest(content);
  if (bytes > maxContentBytes) throw tooLarge(bytes);
  await retryTransient(deps, () => deps.keepContent(projectKeyOf(leased), { sha256, content }));
  return {
    sha256,
    bytes,
    summary,
    confidence,
    open_questions: open_questions.map((question) => truncate(question, 500)).slice(0, 10),
    metadata: { ...metadata, task_id: task.task_id, attempt: task.attempt, confidence },
    tests_passed: tests_passed ?? true,
  };
};

type ResultOf<K extends AgentResult["kind"]> = Extract<AgentResult, { kind: K }>;

const ask = async (
  deps: FinishDeps,
  leased: LeasedTask,
  result: ResultOf<"question">,
): Promise<AttemptEnd> => {
  const transcript = await keepTranscript(deps, leased, result.transcript);
  const { kind, question, options = [] } = result;
  const asked = { kind, question, options, context: [], transcript };
  return { outcome: () => "asked", edit: (task, moment) => askHuman(task, asked, moment) };
};

const stop = async (
  deps: FinishDeps,
  leased: LeasedTask,
  { wanted, transcript: kept }: ResultOf<"budget">,
): Promise<AttemptEnd> => {
  const transcript = await keepTranscript(deps, leased, kept);
  const now = deps.now().toISOString();
  const { budgets } = deps;
  return {
    stoppedAt: now,
    outcome: ({ status }) => (status === "pending" ? "waiting" : "asked"),
    edit: (task, moment) => stopAtLimit(task, { wanted, transcript, budgets, now }, moment),
  };
};

/**
 * Gives the end of an attempt whose agent came to a result: an output, a question, or a stop at a limit.
 *
 * @throws AgentError `output_too_large`; an error of the table when its retries are over
 */
export const endWithResult = async (
  deps: FinishDeps,
  leased: LeasedTask,
  result: Exclude<AgentResult, { kind: "conflict" }>,
): Promise<AttemptEnd> => {
  if (result.kind === "question") return ask(deps, leased, result);
  if (result.kind === "budget") return stop(deps, leased, result);
  const delivery = await keepOutput(deps, leased, result);
  return {
    outcome: () => "completed",
    writesOutput: true,
    edit: (task, moment) => completeTask(task, delivery, moment),
  };
};

/** Gives the end of an attempt that failed with `error`. */
export const endWithError = (deps: FinishDeps, error: unknown, signal: AbortSignal): AttemptEnd => {
  const failure = failureOf(deps, error, signal);
  return {
    outcome: () => "failed",
    edit: (task, moment) => failAttempt(task, failure, deps.retryBaseMs, moment),
  };
};

/** Names what the commit of an attempt's end reads beside the task. */
const needsOfEnd = (
  { change: known, task }: LeasedTask,
  { writesOutput, stoppedAt }: AttemptEnd,
): { known: Change | undefined; ledgers: string[]; more: (change: Change) => Needs } => {
  if (stoppedAt) {
    return {
      known: undefined,
      ledgers: Object.values(ledgersOf(task.task_id, stoppedAt)),
      more: (change) => ({ requests: askedRequests(change) }),
    };
  }
  const target = ({ project }: Change) =>
    writesOutput ? [outputTarget(task, project.outputs) ?? []].flat() : [];
  return {
    known: target(known).length === 0 ? known : undefined,
    ledgers: [],
    more: (change) => ({ artifacts: target(change) }),
  };
};

/**
 * Commits the end of an attempt, if this worker still has the lease; gives "lost" if not.
 *
 * @throws whatever a commit throws: Problem `busy`, `in-doubt`, an error of the table
 */
export const commitEnd = (deps: FinishDeps, leased: LeasedTask, end: AttemptEnd) => {
  const { task } = leased;
  const { known, ledgers, more } = needsOfEnd(leased, end);
  return deps.commit<RunOutcome>({
    ...asAgent(leased),
    known,
    needs: { tasks: [task.task_id], ledgers },
    more,
    decide: (change, moment) => {
      const current = /* guard: completion condition */ findLeased(change, task);
      if (!current) return { change, answer: () => "lost" };
      return {
        change: end.edit(current, moment)(change),
        answer: ({ tasks }) => end.outcome(tasks[task.task_id] ?? current),
      };
    },
  });
};
