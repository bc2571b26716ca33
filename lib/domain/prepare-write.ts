import type { Change } from "./change.ts";
import type { Moment } from "./common.ts";
import type { Event } from "./events.ts";
import type { ProjectRecord } from "./project/project.ts";

/** A change with its events in their places in the log: what one transaction writes. */
export type Sealed = {
  readonly change: Change;
  readonly events: readonly Event[];
  /** Tells this commit from any other that wanted the same place. */
  readonly commit_id: string;
};

/** Whether a decision leaves nothing to be written. */
export const isEmpty = (change: Change, before: ProjectRecord): boolean =>
  change.touched.size === 0 && change.events.length === 0 && change.project === before;

/** Numbers the events after the project's head and moves the head on. */
export const seal = (change: Change, moment: Moment): Sealed => {
  const { project } = change;
  const events = change.events.map(
    (draft, index): Event => ({
      seq: project.head + index + 1,
      event_id: moment.newId(),
      event_type: draft.event_type,
      project_id: project.id,
      task_id: draft.task_id,
      agent_type: draft.agent_type,
      data: draft.data,
      actor: moment.actor,
      timestamp: moment.now,
    }),
  );
  const head = project.head + events.length;
  const updated_at = events.length > 0 ? moment.now : project.updated_at;
  return {
    change: { ...change, project: { ...project, head, updated_at } },
    events,
    commit_id: moment.newId(),
  };
};

const bump = <T extends { rev: number }>(
  records: Readonly<Record<string, T>>,
  touched: ReadonlySet<string>,
): Record<string, T> =>
  Object.fromEntries(
    Object.entries(records).map(([id, record]) => [
      id,
      touched.has(id) ? { ...record, rev: record.rev + 1 } : record,
    ]),
  );

/** What is known after a sealed change was written: the start of the next one. */
export const afterWrite = ({ change }: Sealed): Change => ({
  ...change,
  project: { ...change.project, rev: change.project.rev + 1 },
  tasks: bump(change.tasks, change.touched),
  requests: bump(change.requests, change.touched),
  artifacts: bump(change.artifacts, change.touched),
  ledgers: bump(change.ledgers, change.touched),
  touched: new Set(),
  events: [],
});
