import { AgentError, type AgentOutput, type AgentResult } from "../../agents/context.ts";
import { maxContentBytes } from "../../domain/artifact/artifact.ts";
import type { Change, TaskEdit } from "../../domain/change.ts";
import { truncate } from "../../domain/common.ts";
import { askHuman } from "../../domain/request/ask-human.ts";
import { completeTask, type Delivery, outputTarget } from "../../domain/task/complete-task.ts";
import { type Failure, failAttempt } from "../../domain/task/fail-attempt.ts";
import { findLeased } from "../../domain/task/run-task.ts";
import type { Commit } from "../commit/commit.ts";
import { retryTransient } from "../retry-transient.ts";
import { keepTranscript, type TranscriptDeps } from "./checkpoint.ts";
import { asAgent, type LeasedTask, projectKeyOf } from "./claim-task.ts";

export type FinishDeps = TranscriptDeps & { commit: Commit; retryBaseMs: number };

/** How the handling of one task message ended: for the log and the metrics. */
export type RunOutcome = "completed" | "asked" | "failed" | "lost" | "skipped" | "early";

/** The end of an attempt, ready to be committed. */
export type AttemptEnd = {
  outcome: RunOutcome;
  edit: TaskEdit;
  /** True when the attempt has an output: the commit then reads the artifact that gets a new version. */
  writesOutput?: boolean;
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

type QuestionResult = Extract<AgentResult, { kind: "question" | "budget" }>;

const ask = async (
  deps: FinishDeps,
  leased: LeasedTask,
  result: QuestionResult,
): Promise<AttemptEnd> => {
  const transcript = await keepTranscript(deps, leased, result.transcript);
  const { kind, question } = result;
  const asked =
    kind === "budget"
      ? { kind, question, about: result.about, options: [], context: [], transcript }
      : { kind, question, options: result.options ?? [], context: [], transcript };
  return { outcome: "asked", edit: (task, moment) => askHuman(task, asked, moment) };
};

/**
 * Gives the end of an attempt whose agent came to a result: an output, or a question.
 *
 * @throws AgentError `output_too_large`; an error of the table when its retries are over
 */
export const endWithResult = async (
  deps: FinishDeps,
  leased: LeasedTask,
  result: Exclude<AgentResult, { kind: "conflict" }>,
): Promise<AttemptEnd> => {
  if (result.kind !== "output") return ask(deps, leased, result);
  const delivery = await keepOutput(deps, leased, result);
  return {
    outcome: "completed",
    writesOutput: true,
    edit: (task, moment) => completeTask(task, delivery, moment),
  };
};

/** Gives the end of an attempt that failed with `error`. */
export const endWithError = (deps: FinishDeps, error: unknown, signal: AbortSignal): AttemptEnd => {
  const failure = failureOf(deps, error, signal);
  return {
    outcome: "failed",
    edit: (task, moment) => failAttempt(task, failure, deps.retryBaseMs, moment),
  };
};

/**
 * Commits the end of an attempt, if this worker still has the lease; gives "lost" if not.
 *
 * @throws whatever a commit throws: Problem `busy`, `in-doubt`, an error of the table
 */
export const commitEnd = (deps: FinishDeps, leased: LeasedTask, end: AttemptEnd) => {
  const { change: known, task } = leased;
  const target = (change: Change) =>
    end.writesOutput ? [outputTarget(task, change.project.outputs) ?? []].flat() : [];
  return deps.commit<RunOutcome>({
    ...asAgent(leased),
    known: target(known).length === 0 ? known : undefined,
    needs: { tasks: [task.task_id] },
    more: (change) => ({ artifacts: target(change) }),
    decide: (change, moment) => {
      const current = /* guard: completion condition */ findLeased(change, task);
      if (!current) return { change, answer: () => "lost" };
      return { change: end.edit(current, moment)(change), answer: () => end.outcome };
    },
  });
};
