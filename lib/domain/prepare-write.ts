import type { Change } from "./change.ts";
import type { Moment } from "./common.ts";
import { type Event, placeEvent } from "./events.ts";
import { type ProjectRecord, projectDue } from "./project/project.ts";
import {
  kindNames,
  kindOf,
  type RecordKind,
  type RecordOf,
  recordsOf,
  type WaitTimes,
} from "./records.ts";

/** A change with its events in their places in the log: what one transaction writes. */
export type PreparedWrite = {
  readonly change: Change;
  readonly events: readonly Event[];
  /** When the sweeper has to look at what is written, by id; null for never. */
  readonly dueAt: Readonly<Record<string, string | null>>;
  /** Tells this commit from any other that wanted the same place. */
  readonly commit_id: string;
};

/** Whether a decision leaves nothing to be written. */
export const isEmpty = (change: Change, before: ProjectRecord): boolean =>
  change.changedIds.size === 0 && change.events.length === 0 && change.project === before;

/** The records of a kind that have to be written. */
export const changedRecords = <K extends RecordKind>(change: Change, kind: K): RecordOf<K>[] => {
  return Object.entries(recordsOf(change, kind)).flatMap(([id, record]) =>
    change.changedIds.has(id) ? [record] : [],
  );
};

const dueOfKind = <K extends RecordKind>(change: Change, kind: K, times: WaitTimes) => {
  const { idOf, dueAt } = kindOf(kind);
  if (!dueAt) return [];
  return changedRecords(change, kind).map(
    (record) => [idOf(record), dueAt(record, times)] as const,
  );
};

/** Numbers the events after the project's head, moves the head on, and says when each record is due. */
export const prepareWrite = (change: Change, moment: Moment, times: WaitTimes): PreparedWrite => {
  const { project } = change;
  const events = change.events.map((draft, index) =>
    placeEvent(draft, {
      seq: project.head + index + 1,
      event_id: moment.newId(),
      project_id: project.id,
      actor: moment.actor,
      timestamp: moment.now,
    }),
  );
  const head = project.head + events.length;
  const updated_at = events.length > 0 ? moment.now : project.updated_at;
  const written = { ...project, head, updated_at };
  return {
    change: { ...change, project: written },
    events,
    dueAt: Object.fromEntries([
      [project.id, projectDue(written)],
      ...kindNames.flatMap((kind) => dueOfKind(change, kind, times)),
    ]),
    commit_id: moment.newId(),
  };
};

/** The records of a kind, those that were written with their next revision. */
const bump = <K extends RecordKind>(change: Change, kind: K) => {
  return Object.fromEntries(
    Object.entries(recordsOf(change, kind)).map(([id, record]) => [
      id,
      change.changedIds.has(id) ? { ...record, rev: record.rev + 1 } : record,
    ]),
  );
};

/** What is known after a prepared change was written: the start of the next one. */
export const afterWrite = ({ change }: PreparedWrite): Change => ({
  ...change,
  ...Object.fromEntries(kindNames.map((kind) => [kind, bump(change, kind)])),
  project: { ...change.project, rev: change.project.rev + 1 },
  changedIds: new Set(),
  events: [],
});
