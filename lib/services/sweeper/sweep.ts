import type { DueItem } from "../../contracts/due.ts";
import type { LogKeys, WithLogKeys } from "../../contracts/log.ts";
import { ledgerOfLimit } from "../../domain/budget/budget.ts";
import { isOverdue, taskOfLedger } from "../../domain/budget/ledger.ts";
import { isStillWaiting } from "../../domain/budget/line.ts";
import { needsOfOpen, settleLostCalls } from "../../domain/budget/settle-call.ts";
import type { Change, Needs } from "../../domain/change.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { isClosed } from "../../domain/project/project.ts";
import { expireRequest } from "../../domain/request/expire-request.ts";
import { expireLease } from "../../domain/task/fail-attempt.ts";
import { leaseIsOver } from "../../domain/task/run-task.ts";
import { type TaskRecord, taskDue } from "../../domain/task/task.ts";
import { enqueueAgain, noteEnqueued } from "../commit/enqueue-again.ts";
import { type FollowUpDeps, runFollowUp } from "../commit/follow-ups.ts";
import { forEachConcurrent } from "../for-each-concurrent.ts";

export type SweepDeps = FollowUpDeps & {
  /** Reads the lists of what is due, each as a promise of its own: a list that fails does not stop the others. */
  listDue: (now: string, limit: number) => Promise<DueItem[]>[];
  loadMore: (change: Change, needs: Needs) => Promise<Change>;
  dropConnection: (connection: { tenant: string; connection_id: string }) => Promise<void>;
  /** Called for each item that failed, within its log keys, and for each list that failed. */
  onError: (error: unknown, item?: DueItem) => void;
  withLogKeys: WithLogKeys;
  /** Milliseconds after which a sweep takes no new work. The next sweep continues. */
  budgetMs: number;
};

const maxConcurrent = 10;
const maxPerShard = 100;
const system = { type: "system", id: "sweeper" } as const;

/** One sweep. Its correlation id is used for work that no known request has caused. */
type SweepRun = SweepDeps & { correlation_id: string };

type Due<K extends DueItem["kind"]> = Extract<DueItem, { kind: K }>;

const asSweeper = ({ correlation_id }: SweepRun, { tenant, project_id }: ProjectKey) =>
  ({ tenant, project_id, actor: system, correlation_id }) as const;

/** Expires a lease: its worker counts as dead. */
const endLease = (run: SweepRun, { id, ...key }: Due<"tasks">) => {
  const { needs, more } = needsOfOpen(id);
  return run.commit({
    ...asSweeper(run, key),
    needs: { tasks: [id], ...needs },
    more,
    decide: (change, moment) => {
      const task = change.tasks[id];
      const isOver = task && !isClosed(change.project) && leaseIsOver(task, moment.now);
      return { change: isOver ? expireLease(task, moment)(change) : change, answer: () => null };
    },
  });
};

/** Whether there is still no money for a task that waits for it. Reads the ledger of its limit. */
const hasToWait = async (run: SweepRun, change: Change, task: TaskRecord): Promise<boolean> => {
  if (!task.waiting_for) return false;
  const ledgers = [ledgerOfLimit(task.waiting_for)];
  const { loadMore, now } = run;
  return isStillWaiting(await loadMore(change, { ledgers }), task, now().toISOString());
};

/** Enqueues a pending task again that no worker has claimed in time, or expires the lease of a worker that is silent. */
const sweepTask = async (run: SweepRun, item: Due<"tasks">): Promise<void> => {
  const now = run.now().toISOString();
  const change = await run.load(item, { tasks: [item.id] });
  const task = change.tasks[item.id];
  const due = task && taskDue(task, run.enqueueAgainMs);
  if (!due || due > now || isClosed(change.project)) return;
  const { correlation_id } = task;
  run.appendLogKeys({ correlation_id });
  if (leaseIsOver(task, now)) {
    await endLease({ ...run, correlation_id }, item);
  } else if (change.project.status !== "active") {
    await run.touchTask(item.tenant, task, null);
  } else if (/* guard: a lost wake is found by the sweeper */ await hasToWait(run, change, task)) {
    await noteEnqueued(run, item.tenant, task);
  } else {
    await enqueueAgain(run, item, task);
  }
};

/** Settles model calls that a dead worker left open. Nobody else does, whatever the status of the task. */
const sweepLedger = async (run: SweepRun, { id, ...key }: Due<"ledgers">): Promise<void> => {
  const task_id = taskOfLedger(id);
  await run.commit({
    ...asSweeper(run, key),
    ...needsOfOpen(task_id),
    decide: (change, { now }) => ({
      change: settleLostCalls(task_id, now, (call) => isOverdue(call, now))(change),
      answer: () => null,
    }),
  });
};

const sweepRequest = async (run: SweepRun, item: Due<"requests">): Promise<void> => {
  await run.commit({
    ...asSweeper(run, item),
    needs: { requests: [item.id] },
    more: ({ requests }) => ({ tasks: [requests[item.id]?.task_id ?? []].flat() }),
    decide: (change, moment) => {
      const request = change.requests[item.id];
      return {
        change: request ? expireRequest(request, moment)(change) : change,
        answer: () => null,
      };
    },
  });
};

const sweepers = {
  tasks: sweepTask,
  requests: sweepRequest,
  ledgers: sweepLedger,
  projects: runFollowUp,
  connections: (run: SweepRun, { tenant, id }: Due<"connections">) =>
    run.dropConnection({ tenant, connection_id: id }),
  unknown: async (_run: SweepRun, { pk, sk }: Due<"unknown">) => {
    throw new Error(`An item of an unknown kind is due: ${pk} ${sk}.`);
  },
} as const satisfies { [K in DueItem["kind"]]: (run: SweepRun, item: Due<K>) => Promise<void> };

const keysOf = (item: DueItem): LogKeys => {
  if (item.kind === "unknown") return {};
  const { tenant } = item;
  if (item.kind === "connections") return { tenant };
  const { project_id } = item;
  return item.kind === "tasks" ? { tenant, project_id, task_id: item.id } : { tenant, project_id };
};

const sweepOne = (run: SweepRun, item: DueItem): Promise<void> =>
  run.withLogKeys(keysOf(item), async () => {
    try {
      await (sweepers[item.kind] as (run: SweepRun, item: DueItem) => Promise<void>)(run, item);
    } catch (error) {
      run.onError(error, item);
    }
  });

const readDue = async (deps: SweepDeps): Promise<DueItem[]> => {
  const lists = await Promise.allSettled(deps.listDue(deps.now().toISOString(), maxPerShard));
  for (const list of lists) if (list.status === "rejected") deps.onError(list.reason);
  return lists.flatMap((list) => (list.status === "fulfilled" ? list.value : []));
};

/**
 * Handles everything that is due. An item that fails does not stop the others, and the next sweep tries it again.
 *
 * @param correlation_id the id of this sweep, for work that no known request has caused
 * @returns how many items were handled, with those that failed
 */
export const sweep = async (
  deps: SweepDeps,
  correlation_id: string,
): Promise<{ swept: number }> => {
  const run = { ...deps, correlation_id };
  const stopAt = deps.now().getTime() + deps.budgetMs;
  const seen = new Set<string>();
  while (deps.now().getTime() < stopAt) {
    const due = /* guard: sweeper */ await readDue(deps);
    const fresh = due.filter((item) => !seen.has(JSON.stringify(item)));
    if (fresh.length === 0) break;
    for (const item of fresh) seen.add(JSON.stringify(item));
    await forEachConcurrent(fresh, maxConcurrent, (item) => sweepOne(run, item));
  }
  return { swept: seen.size };
};
