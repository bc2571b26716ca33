import type { DueItem } from "../../contracts/due.ts";
import { isOverdue, taskOfLedger } from "../../domain/budget/ledger.ts";
import { needsOfOpen, settleLostCalls } from "../../domain/budget/model-call.ts";
import type { Change, Needs } from "../../domain/change.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { isClosed } from "../../domain/project/project.ts";
import type { WaitTimes } from "../../domain/records.ts";
import { expireRequest } from "../../domain/request/expire-request.ts";
import { lapse } from "../../domain/task/fail-attempt.ts";
import { leaseIsOver } from "../../domain/task/run-task.ts";
import { taskDue } from "../../domain/task/task.ts";
import { remindSurely } from "../commit/enqueue-again.ts";
import type { ChoreDeps } from "../commit/follow-ups.ts";
import { runChores } from "../commit/follow-ups.ts";
import { eachOf } from "../sockets/broadcast.ts";

export type SweepDeps = ChoreDeps &
  WaitTimes & {
    /** Lists of what is due; one that cannot be read does not hold up the others. */
    listDue: (now: string, limit: number) => Promise<DueItem[]>[];
    dropConnection: (connection: { tenant: string; connection_id: string }) => Promise<void>;
    load: (key: ProjectKey, needs: Needs) => Promise<Change>;
    onError: (error: unknown, item?: DueItem) => void;
    now: () => Date;
    /** A sweep stops taking new work after this long; the next one goes on. */
    budgetMs: number;
  };

const concurrent = 10;
const perShard = 100;
const system = { type: "system", id: "sweeper" } as const;

type Found<K extends DueItem["kind"]> = Extract<DueItem, { kind: K }>;

const asSweeper = ({ tenant, project_id }: ProjectKey) =>
  ({ tenant, project_id, actor: system, correlation_id: "sweep" }) as const;

/** The worker is taken for dead. */
const reap = ({ commit }: SweepDeps, { id, ...key }: Found<"tasks">) => {
  const { needs, more } = needsOfOpen(id);
  return commit({
    ...asSweeper(key),
    needs: { tasks: [id], ...needs },
    more,
    decide: (change, moment) => {
      const task = change.tasks[id];
      const isOver = task && !isClosed(change.project) && leaseIsOver(task, moment.now);
      return { change: isOver ? lapse(task, moment)(change) : change, answer: () => null };
    },
  });
};

/** A pending task nobody was told of in time, or a worker that went silent. */
const sweepTask = async (deps: SweepDeps, item: Found<"tasks">): Promise<void> => {
  const now = deps.now().toISOString();
  const change = await deps.load(item, { tasks: [item.id] });
  const task = change.tasks[item.id];
  const due = task && taskDue(task, deps.enqueueAgainMs);
  if (!due || due > now || isClosed(change.project)) return;
  if (leaseIsOver(task, now)) {
    await reap(deps, item);
  } else if (change.project.status === "active") {
    await remindSurely(deps, item, task);
  } else {
    await deps.touchTask(item.tenant, task, null);
  }
};

/** Calls that a dead worker left open; whatever has become of its task, nobody else comes for them. */
const sweepLedger = async (
  { commit }: SweepDeps,
  { id, ...key }: Found<"ledgers">,
): Promise<void> => {
  const task_id = taskOfLedger(id);
  await commit({
    ...asSweeper(key),
    ...needsOfOpen(task_id),
    decide: (change, { now }) => ({
      change: settleLostCalls(task_id, now, (call) => isOverdue(call, now))(change),
      answer: () => null,
    }),
  });
};

const sweepRequest = async ({ commit }: SweepDeps, item: Found<"requests">): Promise<void> => {
  await commit({
    ...asSweeper(item),
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
  projects: runChores,
  connections: (deps: SweepDeps, { tenant, id }: Found<"connections">) =>
    deps.dropConnection({ tenant, connection_id: id }),
  unknown: async (_deps: SweepDeps, { pk, sk }: Found<"unknown">) => {
    throw new Error(`This version of the code does not know what is due under ${pk} ${sk}.`);
  },
} as const satisfies { [K in DueItem["kind"]]: (deps: SweepDeps, item: Found<K>) => Promise<void> };

const sweepOne = async (deps: SweepDeps, item: DueItem): Promise<void> => {
  try {
    await (sweepers[item.kind] as (deps: SweepDeps, item: DueItem) => Promise<void>)(deps, item);
  } catch (error) {
    deps.onError(error, item);
  }
};

const readDue = async (deps: SweepDeps): Promise<DueItem[]> => {
  const lists = await Promise.allSettled(deps.listDue(deps.now().toISOString(), perShard));
  for (const list of lists) if (list.status === "rejected") deps.onError(list.reason);
  return lists.flatMap((list) => (list.status === "fulfilled" ? list.value : []));
};

/** Looks after everything that is due. An item that fails does not hold up the others; the next sweep tries again. */
export const sweep = async (deps: SweepDeps): Promise<{ swept: number }> => {
  const stopAt = deps.now().getTime() + deps.budgetMs;
  const seen = new Set<string>();
  while (deps.now().getTime() < stopAt) {
    const due = await readDue(deps);
    const fresh = due.filter((item) => !seen.has(JSON.stringify(item)));
    if (fresh.length === 0) break;
    for (const item of fresh) seen.add(JSON.stringify(item));
    await eachOf(fresh, concurrent, (item) => sweepOne(deps, item));
  }
  return { swept: seen.size };
};
