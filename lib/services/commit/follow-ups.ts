import { maxTransactionItems } from "../../contracts/limits.ts";
import type { Page } from "../../contracts/page.ts";
import type { Change, Edit, Needs } from "../../domain/change.ts";
import { setProject } from "../../domain/change.ts";
import type { Moment, ProjectKey } from "../../domain/common.ts";
import type { ProjectRecord } from "../../domain/project/project.ts";
import { cancelOpen, takeUpAgain } from "../../domain/project/steer-project.ts";
import { isOpen } from "../../domain/task/task.ts";
import type { ListRequests, ListTasks } from "../reads.ts";
import type { Commit } from "./caller.ts";
import { type RemindDeps, remindSurely } from "./enqueue-again.ts";

export type ChoreDeps = RemindDeps & {
  commit: Commit;
  load: (key: ProjectKey, needs: Needs) => Promise<Change>;
  listTasks: ListTasks;
  listRequests: ListRequests;
};

/** Tasks or requests changed in one commit; each takes at most ten writes of the transaction. */
const perCommit = maxTransactionItems / 10;

const system = { type: "system", id: "orchestrator" } as const;

/** Every page of a list, one after another. */
async function* pages<T>(read: (after: string | null) => Promise<Page<T>>): AsyncGenerator<T[]> {
  let after: string | null = null;
  do {
    const page: Page<T> = await read(after);
    yield page.items;
    after = page.last;
  } while (after !== null);
}

const change = (
  { commit }: ChoreDeps,
  key: ProjectKey,
  needs: Needs,
  edit: (moment: Moment) => Edit,
  more?: (change: Change) => Needs,
) =>
  commit({
    ...key,
    actor: system,
    correlation_id: "chore",
    needs,
    ...(more && { more }),
    decide: (before, moment) => ({ change: edit(moment)(before), answer: () => null }),
  });

const clear = (deps: ChoreDeps, key: ProjectKey, { chore, chore_since }: ProjectRecord) =>
  change(
    deps,
    key,
    {},
    () => (current) =>
      current.project.chore === chore && current.project.chore_since === chore_since
        ? setProject({ chore: null })(current)
        : current,
  );

const pendingRequestsOf = ({ tasks }: Change): Needs => ({
  requests: Object.values(tasks).flatMap(({ pending_request }) => pending_request ?? []),
});

const closeTasks = async (deps: ChoreDeps, key: ProjectKey) => {
  for await (const page of pages((after) => deps.listTasks(key, { after, limit: perCommit }))) {
    const tasks = page.filter(isOpen).map(({ task_id }) => task_id);
    if (tasks.length === 0) continue;
    const edit = (moment: Moment) => cancelOpen({ tasks, requests: [] }, moment);
    await change(deps, key, { tasks }, edit, pendingRequestsOf);
  }
};

const closeRequests = async (deps: ChoreDeps, key: ProjectKey) => {
  const read = (before: string | null) => deps.listRequests(key, { before, limit: perCommit });
  for await (const page of pages(read)) {
    const open = page.filter(({ status }) => status === "pending");
    if (open.length === 0) continue;
    const requests = open.map(({ request_id }) => request_id);
    const tasks = [...new Set(open.map(({ task_id }) => task_id))];
    await change(deps, key, { requests, tasks }, (moment) =>
      cancelOpen({ tasks: [], requests }, moment),
    );
  }
};

/** After the end of a project: everything open is cancelled, a few items per commit. */
const closeOpen = async (deps: ChoreDeps, key: ProjectKey) => {
  await closeTasks(deps, key);
  await closeRequests(deps, key);
};

const takeUp = async (deps: ChoreDeps, key: ProjectKey, project: ProjectRecord) => {
  const rejected = project.rejected.slice(0, perCommit);
  const unanswered = project.unanswered.slice(0, perCommit);
  if (rejected.length + unanswered.length === 0) return false;
  await change(
    deps,
    key,
    { tasks: rejected, requests: unanswered },
    (moment) => takeUpAgain(rejected, unanswered, moment),
    ({ requests }) => ({ tasks: Object.values(requests).map(({ task_id }) => task_id) }),
  );
  return true;
};

/** After a resume: rejected and unanswered ones first, then the queue is told of all that waits. */
const startPending = async (deps: ChoreDeps, key: ProjectKey) => {
  let { project } = await deps.load(key, {});
  while (project.status === "active" && (await takeUp(deps, key, project))) {
    ({ project } = await deps.load(key, {}));
  }
  if (project.status !== "active") return;
  for await (const page of pages((after) => deps.listTasks(key, { after, limit: 25 }))) {
    const waiting = page.filter(({ status }) => status === "pending");
    await Promise.all(waiting.map((task) => remindSurely(deps, key, task)));
  }
};

const chores = { close_open: closeOpen, start_pending: startPending } as const;

/**
 * Does what a change of the project's status left behind. It may die at any point: the project stays due, and
 * the sweeper does it again.
 */
export const runChores = async (deps: ChoreDeps, key: ProjectKey): Promise<void> => {
  const { project } = await deps.load(key, {});
  if (!project.chore) return;
  /* guard: chores are done */ await chores[project.chore](deps, key);
  await clear(deps, key, project);
};
