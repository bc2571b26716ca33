import type { DueItem } from "../../contracts/due.ts";
import type { LogKeys, WithLogKeys } from "../../contracts/log.ts";
import { isOverdue, taskOfLedger } from "../../domain/budget/ledger.ts";
import { needsOfOpen, settleLostCalls } from "../../domain/budget/settle-call.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { isClosed } from "../../domain/project/project.ts";
import { expireRequest } from "../../domain/request/expire-request.ts";
import { expireLease } from "../../domain/task/fail-attempt.ts";
import { leaseIsOver } from "../../domain/task/run-task.ts";
import { taskDue } from "../../domain/task/task.ts";
import { enqueueAgain } from "../commit/enqueue-again.ts";
import { type FollowUpDeps, runFollowUp } from "../commit/follow-ups.ts";
import { forEachConcurrent } from "../sockets/broadcast.ts";

export type SweepDeps = FollowUpDeps & {
  /** Lists of what is due; one that cannot be read does not hold up the others. */
  listDue: (now: string, limit: number) => Promise<DueItem[]>[];
  dropConnection: (connection: { tenant: string; connection_id: string }) => Promise<void>;
  /** Told of an item, within its log keys, or of a list that failed. */
  onError: (error: unknown, item?: DueItem) => void;
  withLogKeys: WithLogKeys;
  /** A sweep stops taking new work after this long; the next one goes on. */
  budgetMs: number;
};

const maxConcurrent = 10;
const maxPerShard = 100;
const system = { type: "system", id: "sweeper" } as const;

/** `correlation_id` is that of the run: for what no request is known to have caused. */
type SweepRun = SweepDeps & { correlation_id: string };

type Due<K extends DueItem["kind"]> = Extract<DueItem, { kind: K }>;

const asSweeper = ({ correlation_id }: SweepRun, { tenant, project_id }: ProjectKey) =>
  ({ tenant, project_id, actor: system, correlation_id }) as const;

/** The worker is taken for dead. */
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

/** A pending task nobody was told of in time, or a worker that went silent. */
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
  } else if (change.project.status === "active") {
    await enqueueAgain(run, item, task);
  } else {
    await run.touchTask(item.tenant, task, null);
  }
};

/** Calls that a dead worker left open; whatever has become of its task, nobody else comes for them. */
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
    throw new Error(`This version of the code does not know what is due under ${pk} ${sk}.`);
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
 * Looks after everything that is due. An item that fails does not hold up the others; the next sweep tries again.
 *
 * @param correlation_id of what no request is known to have caused: the id of this run
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
