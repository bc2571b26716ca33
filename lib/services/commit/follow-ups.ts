import { maxTransactionItems } from "../../contracts/limits.ts";
import type { AppendLogKeys } from "../../contracts/log.ts";
import { ledgerOfLimit } from "../../domain/budget/budget.ts";
import type { Change, Edit, Needs } from "../../domain/change.ts";
import { setProject } from "../../domain/change.ts";
import type { Moment, ProjectKey } from "../../domain/common.ts";
import type { FollowUp } from "../../domain/project/follow-up.ts";
import type { ProjectRecord } from "../../domain/project/project.ts";
import { cancelOpen, resumeWork } from "../../domain/project/steer-project.ts";
import { settleJoined } from "../../domain/request/settle-joined.ts";
import { isOpen } from "../../domain/task/task.ts";
import { eachPage } from "../page.ts";
import type { ListRequests, ListTasks } from "../reads.ts";
import type { Commit } from "./commit.ts";
import { type EnqueueAgainDeps, enqueueAgain } from "./enqueue-again.ts";

export type FollowUpDeps = EnqueueAgainDeps & {
  /** A commit that does not run follow-ups. */
  commit: Commit;
  listTasks: ListTasks;
  listRequests: ListRequests;
  appendLogKeys: AppendLogKeys;
};

/** The project of a follow-up, and the correlation id of the request that caused it. */
type FollowUpScope = ProjectKey & { correlation_id: string };

/** Tasks or requests changed in one commit: each takes at most ten items of the transaction. */
const perCommit = maxTransactionItems / 10;

const system = { type: "system", id: "orchestrator" } as const;

const commitEdit = (
  { commit }: FollowUpDeps,
  scope: FollowUpScope,
  needs: Needs,
  edit: (moment: Moment) => Edit,
  more?: (change: Change) => Needs,
) =>
  commit({
    ...scope,
    actor: system,
    needs,
    ...(more && { more }),
    decide: (before, moment) => ({ change: edit(moment)(before), answer: () => null }),
  });

/** Removes the follow-up from its project. One that a later commit has left there stays. */
const clearFollowUp = (deps: FollowUpDeps, scope: FollowUpScope, { id }: FollowUp) =>
  commitEdit(
    deps,
    scope,
    {},
    () => (current) =>
      current.project.follow_up?.id === id ? setProject({ follow_up: null })(current) : current,
  );

const pendingRequestsOf = ({ tasks }: Change): Needs => ({
  requests: Object.values(tasks).flatMap(({ pending_request }) => pending_request ?? []),
});

/** Names what the cancellation of tasks changes beside them: their requests, and the ledgers at whose limits they wait. */
const needsOfCancel = (change: Change): Needs => ({
  ...pendingRequestsOf(change),
  ledgers: Object.values(change.tasks).flatMap(({ waiting_for }) =>
    waiting_for ? ledgerOfLimit(waiting_for) : [],
  ),
});

const closeTasks = async (deps: FollowUpDeps, scope: FollowUpScope) => {
  for await (const page of eachPage((after) =>
    deps.listTasks(scope, { after, limit: perCommit }),
  )) {
    const tasks = page.filter(isOpen).map(({ task_id }) => task_id);
    if (tasks.length === 0) continue;
    const edit = (moment: Moment) => cancelOpen({ tasks, requests: [] }, moment);
    await commitEdit(deps, scope, { tasks }, edit, needsOfCancel);
  }
};

/** After the end of a request for whose answer several tasks wait: does the same to those that had not asked. */
const settleAllJoined = async (deps: FollowUpDeps, scope: FollowUpScope) => {
  for await (const page of eachPage((after) =>
    deps.listTasks(scope, { after, limit: perCommit }),
  )) {
    const tasks = page
      .filter(({ waiting_for }) => waiting_for?.request_id)
      .map(({ task_id }) => task_id);
    if (tasks.length === 0) continue;
    const edit = (moment: Moment) => settleJoined(tasks, moment);
    await commitEdit(deps, scope, { tasks }, edit, pendingRequestsOf);
  }
};

const closeRequests = async (deps: FollowUpDeps, scope: FollowUpScope) => {
  const read = (before: string | null) => deps.listRequests(scope, { before, limit: perCommit });
  for await (const page of eachPage(read)) {
    const open = page.filter(({ status }) => status === "pending");
    if (open.length === 0) continue;
    const requests = open.map(({ request_id }) => request_id);
    const tasks = [...new Set(open.map(({ task_id }) => task_id))];
    await commitEdit(deps, scope, { requests, tasks }, (moment) =>
      cancelOpen({ tasks: [], requests }, moment),
    );
  }
};

/** After a project has ended: cancels all open tasks and requests, a few per commit. */
const closeOpen = async (deps: FollowUpDeps, scope: FollowUpScope) => {
  await closeTasks(deps, scope);
  await closeRequests(deps, scope);
};

const resumeSome = async (deps: FollowUpDeps, scope: FollowUpScope, project: ProjectRecord) => {
  const rejected = project.rejected.slice(0, perCommit);
  const unanswered = project.unanswered.slice(0, perCommit);
  if (rejected.length + unanswered.length === 0) return false;
  await commitEdit(
    deps,
    scope,
    { tasks: rejected, requests: unanswered },
    (moment) => resumeWork(rejected, unanswered, moment),
    ({ requests }) => ({ tasks: Object.values(requests).map(({ task_id }) => task_id) }),
  );
  return true;
};

/** After a resume: handles tasks whose answer came, continues with rejected tasks and unanswered requests, then enqueues every pending task again. */
const startPending = async (deps: FollowUpDeps, scope: FollowUpScope) => {
  await settleAllJoined(deps, scope);
  let { project } = await deps.load(scope, {});
  while (project.status === "active" && (await resumeSome(deps, scope, project))) {
    ({ project } = await deps.load(scope, {}));
  }
  if (project.status !== "active") return;
  for await (const page of eachPage((after) => deps.listTasks(scope, { after, limit: 25 }))) {
    const waiting = page.filter(({ status }) => status === "pending");
    await Promise.all(waiting.map((task) => enqueueAgain(deps, scope, task)));
  }
};

const runners = {
  close_open: closeOpen,
  start_pending: startPending,
  settle_joined: settleAllJoined,
} as const satisfies Record<
  FollowUp["kind"],
  (deps: FollowUpDeps, scope: FollowUpScope) => Promise<void>
>;

/**
 * Runs the follow-up of a project, if it has one. The process may die at any point: the project stays due, and the
 * sweeper runs the follow-up again.
 *
 * @throws Problem `not-found`, and whatever a commit or the queue throws
 */
export const runFollowUp = async (deps: FollowUpDeps, key: ProjectKey): Promise<void> => {
  const { follow_up } = (await deps.load(key, {})).project;
  if (!follow_up) return;
  const { tenant, project_id } = key;
  const scope = { tenant, project_id, correlation_id: follow_up.correlation_id };
  deps.appendLogKeys(scope);
  /* guard: follow-ups are done */ await runners[follow_up.kind](deps, scope);
  await clearFollowUp(deps, scope, follow_up);
};
