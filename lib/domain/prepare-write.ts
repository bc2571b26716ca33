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

/** A change with its events in their places in the log. One transaction writes it. */
export type PreparedWrite = {
  readonly change: Change;
  readonly events: readonly Event[];
  /** When the sweeper must look at each written record, by its id; null for never. */
  readonly dueAt: Readonly<Record<string, string | null>>;
  /** Distinguishes this commit from another one that wanted the same place in the log. */
  readonly commit_id: string;
};

/** Tells whether a decision changed nothing, so that there is nothing to write. */
export const isEmpty = (change: Change, before: ProjectRecord): boolean =>
  change.changedIds.size === 0 && change.events.length === 0 && change.project === before;

/** Lists the records of a kind that have to be written. */
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

/** Numbers the events after the project's head, moves the head, and computes when each record is due. */
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

/** Gives the records of a kind, each written one with its next revision. */
const withNextRevisions = <K extends RecordKind>(change: Change, kind: K) => {
  return Object.fromEntries(
    Object.entries(recordsOf(change, kind)).map(([id, record]) => [
      id,
      change.changedIds.has(id) ? { ...record, rev: record.rev + 1 } : record,
    ]),
  );
};

/** Gives the change as it is after its write, with no edits and events: the next decision starts from it. */
export const afterWrite = ({ change }: PreparedWrite): Change => ({
  ...change,
  ...Object.fromEntries(kindNames.map((kind) => [kind, withNextRevisions(change, kind)])),
  project: { ...change.project, rev: change.project.rev + 1 },
  changedIds: new Set(),
  events: [],
  woken: [],
});
