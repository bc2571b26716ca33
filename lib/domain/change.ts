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
 * What is known of a project, and what one commit makes of it. A decision takes a change and gives the next
 * one; the commit writes the records that changed, with its events, in one transaction.
 */
export type Change = Records & {
  readonly tenant: string;
  readonly project: ProjectRecord;
  /** What the project was created with. */
  readonly workflow: Workflow;
  /** Ids of the records that have to be written. */
  readonly changedIds: ReadonlySet<string>;
  readonly events: readonly EventDraft[];
};

/** A pure edit, from one change to the next. */
export type Edit = (change: Change) => Change;

/** What becomes of a task, decided when it is read. */
export type TaskEdit = (task: TaskRecord, moment: Moment) => Edit;

/** Ids of the records that a decision looks at, beside the project. */
export type Needs = { [K in RecordKind]?: readonly string[] | undefined };

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
});

/** Applies edits from left to right. */
export const apply = (change: Change, ...edits: readonly Edit[]): Change =>
  edits.reduce((current, edit) => edit(current), change);

export const emit =
  (...events: readonly EventDraft[]): Edit =>
  (change) => ({ ...change, events: [...change.events, ...events] });

export const setProject =
  (fields: Partial<ProjectRecord>): Edit =>
  (change) => ({ ...change, project: { ...change.project, ...fields } });

/** The counts of a project when a record that added `before` now adds `after`. */
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

/** Puts a record in its new state, to be written, and keeps the project's counts right. */
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

/** Moves the project's status and says so in the log. */
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
  what: ActivityChange,
  at: string,
): AgentActivity => {
  const working = without(before?.working, id);
  const waiting = without(before?.waiting, id);
  if (what === "start") working.push(id);
  if (what === "wait") waiting.push(id);
  const error = typeof what === "object" ? what.fail : before?.error;
  const cured = what === "start" || what === "reset";
  return {
    at,
    ...(working.length > 0 && { working }),
    ...(waiting.length > 0 && { waiting }),
    ...(error !== undefined && !cured && { error }),
  };
};

/** Tells what an agent does now with a task; watchers hear of it when its status changes. */
export const moveAgent =
  (
    task: { task_id: string; agent_type: AgentType },
    what: ActivityChange,
    { now }: Pick<Moment, "now">,
  ): Edit =>
  (change) => {
    const { id, agents } = change.project;
    const before = agents[task.agent_type];
    const after = nextActivity(before, task.task_id, what, now);
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
