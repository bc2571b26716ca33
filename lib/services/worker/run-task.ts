import { type AgentContext, checkResult, type ProviderGate } from "../../agents/context.ts";
import type { TaskMessage } from "../../contracts/queue-messages.ts";
import type { Change } from "../../domain/change.ts";
import type { TaskRecord } from "../../domain/task/task.ts";
import { abortable } from "../abortable.ts";
import { retryTransient } from "../retry-transient.ts";
import { openStream, type StreamDeps } from "../sockets/stream-tokens.ts";
import { type AgentContextDeps, openAgentContext } from "./agent-context.ts";
import {
  agentRequest,
  type ContextDeps,
  type LoadedContext,
  loadContext,
} from "./agent-request.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { claimTask, isClaimable } from "./claim-task.ts";
import {
  type AttemptEnd,
  commitEnd,
  endWithError,
  endWithResult,
  type FinishDeps,
  type RunOutcome,
} from "./finish-task.ts";
import { holdLease, type Lease, type LeaseDeps, LeaseLost, openProgress } from "./hold-lease.ts";
import { type RunAgent, runMediated } from "./mediate.ts";
import { openSideEffects } from "./side-effects.ts";
import { openSpend, type SpendDeps } from "./spend.ts";

export type RunTaskDeps = LeaseDeps &
  FinishDeps &
  ContextDeps &
  AgentContextDeps &
  SpendDeps &
  StreamDeps & {
    runAgent: RunAgent;
    breaker: ProviderGate;
    /** Told of each attempt that failed, with the error as it was thrown. */
    onFailed: (error: unknown, attempt: number) => void;
    sendTask: (message: TaskMessage, delayMs: number) => Promise<void>;
  };

/** An aborted agent gets this long to settle its last call. */
const graceMs = 3_000;

const waitForEnd = (deps: RunTaskDeps, run: Promise<unknown>): Promise<unknown> =>
  Promise.race([run.catch(() => undefined), deps.sleep(graceMs)]);

const resultOf = async (deps: RunTaskDeps, lease: Lease, loaded: LoadedContext) => {
  const { change, task } = lease.leased();
  const stream = openStream(deps, change.tenant, task);
  const spend = openSpend(deps, lease);
  const context: AgentContext = {
    ...openProgress(deps, lease),
    stream: stream.writerOf,
    spend,
    breaker: deps.breaker,
    context: openAgentContext(deps, lease),
    checkpoint: openCheckpoint(deps, lease),
    effects: openSideEffects(deps, lease),
  };
  const checked: RunAgent = async (...args) => checkResult(await deps.runAgent(...args));
  const run = runMediated(checked, agentRequest(change, task, loaded), context);
  try {
    // An agent that ignores the signal cannot hold the worker.
    return await abortable(lease.signal, run);
  } catch (error) {
    if (lease.signal.aborted) await waitForEnd(deps, run);
    throw error;
  } finally {
    spend.stopChecking();
    await stream.end();
  }
};

/** Runs the agent, and tells how the attempt ends. Null when the claim was lost meanwhile. */
const runAgent = async (
  deps: RunTaskDeps,
  lease: Lease,
  loaded: Promise<LoadedContext>,
): Promise<AttemptEnd | null> => {
  try {
    return await endWithResult(deps, lease.leased(), await resultOf(deps, lease, await loaded));
  } catch (error) {
    if (error instanceof LeaseLost) return null;
    deps.onFailed(error, lease.leased().task.attempt);
    return endWithError(deps, error, lease.signal);
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
  const loaded = retryTransient(deps, () => loadContext(deps, known, task));
  loaded.catch(() => undefined);
  const leased = await claimTask({ commit, known, task, leaseMs, correlation_id });
  if (!leased) return "skipped";
  const lease = holdLease(deps, leased);
  const end = await runAgent(deps, lease, loaded);
  const latest = await lease.release();
  return end ? commitEnd(deps, latest, end) : "lost";
};
