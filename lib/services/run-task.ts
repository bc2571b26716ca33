import {
  AgentError,
  type AgentOutput,
  type AgentRequest,
  type AgentResult,
  type AgentTools,
  type ContextItem,
  checkResult,
} from "../agents/agent.ts";
import type { AgentType } from "../domain/agent.ts";
import { maxContentBytes } from "../domain/artifact.ts";
import type { Change, Edit } from "../domain/change.ts";
import { cut, type Moment } from "../domain/common.ts";
import { askHuman } from "../domain/decisions/ask-human.ts";
import { completeTask, type Delivery, outputTarget } from "../domain/decisions/complete-task.ts";
import { type Failure, failAttempt } from "../domain/decisions/fail-attempt.ts";
import { holdsTask } from "../domain/decisions/run-task.ts";
import { isClosed } from "../domain/project.ts";
import type { TaskRecord } from "../domain/task.ts";
import type { TaskMessage } from "../domain/task-message.ts";
import { agentRequest, type ContextDeps, loadContext } from "./agent-request.ts";
import type { ArtifactDeps } from "./artifacts.ts";
import { claimTask, type Held, isClaimable } from "./claim-task.ts";
import { type Hold, type HoldDeps, holdTask, LostClaim } from "./hold-task.ts";
import { type SurelyDeps, surely } from "./surely.ts";

export type RunTaskDeps = HoldDeps &
  SurelyDeps &
  ContextDeps &
  Pick<ArtifactDeps, "digest" | "keepContent"> & {
    runAgent: (type: AgentType, request: AgentRequest, tools: AgentTools) => Promise<AgentResult>;
    sendTask: (message: TaskMessage, delayMs: number) => Promise<void>;
    retryBaseMs: number;
  };

/** What a run came to, for the log. */
export type RunOutcome = "completed" | "asked" | "failed" | "lost" | "skipped" | "early";

/** Rejects when the signal fires, so that an agent that ignores it cannot hold the worker. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

const timeout = { code: "timeout", message: "The agent took too long." };
const dependencyDown = {
  code: "dependency_down",
  message: "A service that the backend needs did not answer.",
};

const failureOf = ({ isTransient }: RunTaskDeps, error: unknown, signal: AbortSignal): Failure => {
  const reason = "failed";
  if (error instanceof AgentError) {
    const { code, message, retryable } = error;
    return { reason, retryable, error: { code, message: cut(message, 1_000) } };
  }
  if (signal.aborted && error === signal.reason) return { reason, retryable: true, error: timeout };
  if (isTransient(error)) return { reason, retryable: true, error: dependencyDown };
  const message = cut(String(error), 1_000);
  return { reason, retryable: true, error: { code: "agent_error", message } };
};

const tooLarge = (bytes: number) =>
  new AgentError(
    "output_too_large",
    `The output is ${bytes} bytes, more than ${maxContentBytes}.`,
    {
      retryable: false,
    },
  );

/** Keeps the agent's output, and tells what the commit needs to know of it. */
const deliver = async (
  deps: RunTaskDeps,
  { change, task }: Held,
  output: AgentOutput,
): Promise<Delivery> => {
  const { content, metadata, summary, confidence, tests_passed } = output;
  const { sha256, bytes } = deps.digest(content);
  if (bytes > maxContentBytes) throw tooLarge(bytes);
  const key = { tenant: change.tenant, project_id: task.project_id };
  await surely(deps, () => deps.keepContent(key, { sha256, content }));
  return {
    sha256,
    bytes,
    summary,
    confidence,
    metadata: { ...metadata, task_id: task.task_id, attempt: task.attempt, confidence },
    tests_passed: tests_passed ?? true,
  };
};

type Finish = {
  outcome: RunOutcome;
  edit: (task: TaskRecord, moment: Moment) => Edit;
  /** Needs the artifact that the output becomes the next version of. */
  writes?: boolean;
};

const finishBy = async (deps: RunTaskDeps, held: Held, result: AgentResult): Promise<Finish> => {
  if (result.kind === "question") {
    const { question, options = [] } = result;
    const edit: Finish["edit"] = (task, moment) =>
      askHuman(task, { question, options, context: [] }, moment);
    return { outcome: "asked", edit };
  }
  const delivery = await deliver(deps, held, result);
  return {
    outcome: "completed",
    writes: true,
    edit: (task, moment) => completeTask(task, delivery, moment),
  };
};

const failBy = (deps: RunTaskDeps, error: unknown, signal: AbortSignal): Finish => {
  const failure = failureOf(deps, error, signal);
  return {
    outcome: "failed",
    edit: (task, moment) => failAttempt(task, failure, deps.retryBaseMs, moment),
  };
};

/** One commit ends the attempt, if this worker still holds the task. */
const finish = (deps: RunTaskDeps, { change: known, task }: Held, by: Finish) => {
  const target = (change: Change) =>
    by.writes ? [outputTarget(task, change.project.outputs) ?? []].flat() : [];
  return deps.commit<RunOutcome>({
    tenant: known.tenant,
    project_id: task.project_id,
    actor: { type: "agent", id: task.agent_type },
    correlation_id: task.correlation_id,
    known: target(known).length === 0 ? known : undefined,
    needs: { tasks: [task.task_id] },
    more: (change) => ({ artifacts: target(change) }),
    decide: (change, moment) => {
      const current = change.tasks[task.task_id];
      if (isClosed(change.project) || !holdsTask(current, task.attempt)) {
        return { change, answer: () => "lost" };
      }
      return { change: by.edit(current, moment)(change), answer: () => by.outcome };
    },
  });
};

/** Runs the agent, and tells how the attempt ends. Null when the claim was lost meanwhile. */
const runAgent = async (
  deps: RunTaskDeps,
  hold: Hold,
  context: Promise<ContextItem[]>,
): Promise<Finish | null> => {
  const { tools } = hold;
  const { change, task } = hold.held();
  try {
    const request = agentRequest(change, task, await context);
    const run = deps.runAgent(request.task.agent_type, request, tools);
    const result = await Promise.race([run, aborted(tools.signal)]);
    return await finishBy(deps, hold.held(), checkResult(result));
  } catch (error) {
    return error instanceof LostClaim ? null : failBy(deps, error, tools.signal);
  }
};

/** Told of before its retry delay is over: the message is sent once more, for when it is. */
const isEarly = ({ project }: Change, task: TaskRecord, now: string): boolean =>
  project.status === "active" &&
  task.status === "pending" &&
  task.not_before !== null &&
  task.not_before > now;

/**
 * Handles one message of the task queue: claims the task, runs its agent, and ends the attempt in one commit.
 * A message about a task that is done, held or not to be started changes nothing.
 */
export const runTask = async (deps: RunTaskDeps, message: TaskMessage): Promise<RunOutcome> => {
  const { task_id, correlation_id } = message;
  const known = await deps.load(message, { tasks: [task_id] });
  const task = known.tasks[task_id];
  const now = deps.now();
  if (task && isEarly(known, task, now.toISOString())) {
    await deps.sendTask(message, Date.parse(task.not_before ?? "") - now.getTime());
    return "early";
  }
  if (!task || !isClaimable(known, task_id, now.toISOString())) return "skipped";
  const { commit, leaseMs } = deps;
  const context = surely(deps, () => loadContext(deps, known, task));
  context.catch(() => undefined);
  const held = await claimTask({ commit, known, task, leaseMs, correlation_id });
  if (!held) return "skipped";
  const hold = holdTask(deps, held);
  const by = await runAgent(deps, hold, context);
  const latest = await hold.release();
  return by ? finish(deps, latest, by) : "lost";
};
