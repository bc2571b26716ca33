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
import { type CallTranscriptDeps, openCallTranscripts } from "./call-transcripts.ts";
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
  StreamDeps &
  CallTranscriptDeps & {
    runAgent: RunAgent;
    breaker: ProviderGate;
    /** Called for each attempt that failed, with the error as it was thrown. */
    onFailed: (error: unknown, attempt: number) => void;
    sendTask: (message: TaskMessage, delayMs: number) => Promise<void>;
  };

/** Milliseconds for which an aborted agent may still settle its last model call. */
const graceMs = 3_000;

const waitForEnd = (deps: RunTaskDeps, run: Promise<unknown>): Promise<unknown> =>
  Promise.race([run.catch(() => undefined), deps.sleep(graceMs)]);

/** Runs the agent of a lease to its result. @throws the error of the agent, or the reason of the lease's signal */
const resultOf = async (deps: RunTaskDeps, lease: Lease, loaded: LoadedContext) => {
  const { change, task } = lease.leased();
  const stream = openStream(deps, change.tenant, task);
  const spend = openSpend(deps, lease);
  const until = deps.now().getTime() + deps.timeoutMs;
  const context: AgentContext = {
    timeLeftMs: () => until - deps.now().getTime(),
    ...openProgress(deps, lease),
    stream: stream.writerOf,
    spend,
    breaker: deps.breaker,
    context: openAgentContext(deps, lease),
    checkpoint: openCheckpoint(deps, lease),
    effects: openSideEffects(deps, lease),
    keepTranscript: openCallTranscripts(deps, lease.leased()),
  };
  const checked: RunAgent = async (...args) => checkResult(await deps.runAgent(...args));
  const run = runMediated(checked, agentRequest(change, task, loaded), context);
  try {
    // The worker goes on when the signal fires, even if the agent ignores it.
    return await abortable(lease.signal, run);
  } catch (error) {
    if (lease.signal.aborted) await waitForEnd(deps, run);
    throw error;
  } finally {
    spend.stopChecking();
    await stream.end();
  }
};

/** Runs the agent, and gives the end of the attempt. Gives null when the lease was lost meanwhile. */
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

/** Whether the message came before the retry delay of its task is over. */
const isEarly = ({ project }: Change, task: TaskRecord, now: string): boolean =>
  project.status === "active" &&
  task.status === "pending" &&
  task.not_before !== null &&
  task.not_before > now;

/**
 * Handles one message of the task queue: claims the task, runs its agent, and ends the attempt in one commit. A message
 * that comes early is sent again, with the remaining delay. A message about a task that is over, leased, or not to be
 * started changes nothing.
 *
 * @throws Problem `not-found`, and whatever a commit or the queue throws; the queue then delivers the message again
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
