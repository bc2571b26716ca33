import type { Moment } from "./common.ts";
import { type EventDraft, projectEvent, taskEvent, type WorkflowEventKind } from "./events.ts";
import { type AgentActivity, type AgentType, statusOf } from "./project/agent.ts";
import {
  moveProject,
  type ProjectCounts,
  type ProjectMove,
  type ProjectRecord,
} from "./project/project.ts";
import {
  kindOf,
  noRecords,
  type RecordKind,
  type RecordOf,
  type Records,
  recordsOf,
} from "./records.ts";
import type { TaskRecord } from "./task/task.ts";
import type { Workflow } from "./workflow/workflow.ts";

/**
 * A project with the records that a decision looks at, and with what the decision made of them. A decision takes a change
 * and returns the next one. The commit writes the changed records and the events in one transaction.
 */
export type Change = Records & {
  readonly tenant: string;
  readonly project: ProjectRecord;
  /** The workflow that the project was created with. */
  readonly workflow: Workflow;
  /** Ids of the records that have to be written. */
  readonly changedIds: ReadonlySet<string>;
  readonly events: readonly EventDraft[];
  /** Tasks of any project of the tenant that may go on, because money for them came back. They are told after the commit. */
  readonly woken: readonly WokenTask[];
};

/** Names a task that is told to go on. */
export type WokenTask = { project_id: string; task_id: string };

/** A pure function from one change to the next. */
export type Edit = (change: Change) => Change;

/** Makes the edit of a task once the task has been read. */
export type TaskEdit = (task: TaskRecord, moment: Moment) => Edit;

/** The ids of the records that a decision looks at, by kind. The project is always read. */
export type Needs = { [K in RecordKind]?: readonly string[] | undefined };

/** Makes a change that has no records, edits and events yet. */
export const startChange = (
  tenant: string,
  project: ProjectRecord,
  workflow: Workflow,
): Change => ({
  ...noRecords,
  tenant,
  project,
  workflow,
  changedIds: new Set(),
  events: [],
  woken: [],
});

/**
 * Applies edits from left to right.
 *
 * @throws what one of the edits throws
 */
export const apply = (change: Change, ...edits: readonly Edit[]): Change =>
  edits.reduce((current, edit) => edit(current), change);

/** Adds events to the change. */
export const emit =
  (...events: readonly EventDraft[]): Edit =>
  (change) => ({ ...change, events: [...change.events, ...events] });

/** Says that tasks may go on, of this project or another one of the tenant. */
export const wake =
  (tasks: readonly WokenTask[]): Edit =>
  (change) => ({
    ...change,
    woken: [...change.woken, ...tasks.map(({ project_id, task_id }) => ({ project_id, task_id }))],
  });

/** Replaces fields of the project. */
export const setProject =
  (fields: Partial<ProjectRecord>): Edit =>
  (change) => ({ ...change, project: { ...change.project, ...fields } });

/** Gives the project's counts after a record that counted as `before` counts as `after`. */
const recount = (
  counts: ProjectCounts,
  before: Partial<ProjectCounts>,
  after: Partial<ProjectCounts>,
): ProjectCounts => {
  const names = Object.keys(after) as (keyof ProjectCounts)[];
  const moved = names.map((name) => [
    name,
    counts[name] + (after[name] ?? 0) - (before[name] ?? 0),
  ]);
  return { ...counts, ...Object.fromEntries(moved) };
};

/** Puts a record into the change, marks it to be written, and adjusts the project's counts. */
export const put =
  <K extends RecordKind>(kind: K, record: RecordOf<K>): Edit =>
  (change) => {
    const { idOf, countsOf } = kindOf(kind);
    const id = idOf(record);
    const known = recordsOf(change, kind);
    const before = known[id];
    const { project } = change;
    const counts = countsOf
      ? recount(project.counts, before ? countsOf(before) : {}, countsOf(record))
      : project.counts;
    return {
      ...change,
      [kind]: { ...known, [id]: record },
      changedIds: new Set([...change.changedIds, id]),
      project: { ...project, counts },
    };
  };

/**
 * Moves the project's status and adds the event that tells of it.
 *
 * @throws Problem `conflict` when the project's status does not allow the move
 */
export const moveProjectTo =
  (name: ProjectMove, event: WorkflowEventKind, reason: string | null): Edit =>
  (change) =>
    apply(
      change,
      setProject({ status: moveProject(change.project.status, name) }),
      emit(
        projectEvent("workflow_event", {
          event,
          phase: change.project.workflow === "none" ? null : change.project.current_phase,
          reason,
        }),
      ),
    );

type ActivityChange = "start" | "wait" | "leave" | { fail: string } | "reset";

const without = (ids: readonly string[] | undefined, id: string) =>
  (ids ?? []).filter((other) => other !== id);

const nextActivity = (
  before: AgentActivity | undefined,
  id: string,
  activity: ActivityChange,
  at: string,
): AgentActivity => {
  const working = without(before?.working, id);
  const waiting = without(before?.waiting, id);
  if (activity === "start") working.push(id);
  if (activity === "wait") waiting.push(id);
  const error = typeof activity === "object" ? activity.fail : before?.error;
  const clearsError = activity === "start" || activity === "reset";
  return {
    at,
    ...(working.length > 0 && { working }),
    ...(waiting.length > 0 && { waiting }),
    ...(error !== undefined && !clearsError && { error }),
  };
};

/** Records what an agent does now with a task. Adds an event when the agent's status or current task changes. */
export const moveAgent =
  (
    task: { task_id: string; agent_type: AgentType },
    activity: ActivityChange,
    { now }: Pick<Moment, "now">,
  ): Edit =>
  (change) => {
    const { id, agents } = change.project;
    const before = agents[task.agent_type];
    const after = nextActivity(before, task.task_id, activity, now);
    const [was, is] = [statusOf(id, task.agent_type, before), statusOf(id, task.agent_type, after)];
    const changed = was.status !== is.status || was.current_task_id !== is.current_task_id;
    const moved = setProject({ agents: { ...agents, [task.agent_type]: after } })(change);
    if (!changed) return moved;
    const { status, current_task_id, error_message } = is;
    return emit(
      taskEvent(task, "agent_status_change", {
        status,
        previous: was.status,
        current_task_id,
        error_message,
      }),
    )(moved);
  };
