import type { TaskMessage } from "../../contracts/queue-messages.ts";
import type { Event } from "../../domain/events.ts";
import type { TaskRecord } from "../../domain/task/task.ts";
import type { Committed } from "./commit.ts";

export type SettleDeps = {
  sendTask: (message: TaskMessage, delayMs: number) => Promise<void>;
  broadcast: (events: readonly Event[]) => Promise<void>;
  /** Told of what failed here; nothing is lost by it, the sweeper and the clients ask again. */
  onError: (error: unknown) => void;
  now: () => Date;
  timeout: (ms: number) => AbortSignal;
};

/** Tasks that this commit made ready to start: somebody has to be told. */
const readyTasks = ({ after, touched }: Committed<unknown>): TaskRecord[] =>
  after.project.status === "active"
    ? Object.values(after.tasks).filter(
        (task) => touched.has(task.task_id) && task.status === "pending",
      )
    : [];

/** What is written is answered: a socket or queue that hangs is left to the clients and the sweeper. */
const deadlineMs = 3_000;

const over = (signal: AbortSignal): Promise<[]> =>
  new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve([]), { once: true });
  });

/**
 * What has to happen outside the table after a commit: queue messages and socket frames. It follows from
 * the state, so a failure here loses nothing.
 */
export const settle = async (deps: SettleDeps, committed: Committed<unknown>): Promise<void> => {
  const { after, events } = committed;
  const sends = readyTasks(committed).map(({ project_id, task_id, correlation_id, not_before }) => {
    const delayMs = not_before ? Date.parse(not_before) - deps.now().getTime() : 0;
    return deps.sendTask({ tenant: after.tenant, project_id, task_id, correlation_id }, delayMs);
  });
  const told = events.length > 0 ? deps.broadcast(events) : Promise.resolve();
  const all = Promise.allSettled([...sends, told]);
  const results = await Promise.race([all, over(deps.timeout(deadlineMs))]);
  for (const result of results) if (result.status === "rejected") deps.onError(result.reason);
};
