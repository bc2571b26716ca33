import type { ProjectKey } from "../../domain/common.ts";
import { Event, type EventDraft, placeEvent } from "../../domain/events.ts";
import type { PreparedWrite } from "../../domain/prepare-write.ts";
import { keys, parseSortKey } from "./keys.ts";
import { type Packed, pack, unpack } from "./pack.ts";
import { currentVersion, upgrade } from "./schema-versions.ts";
import type { Table } from "./table.ts";

/** An event without the fields that all events of its commit share. */
type StoredEvent = EventDraft & Pick<Event, "event_id">;

/** The events of one commit. What they share is stored once. */
type EventBody = {
  project_id: string;
  from: number;
  actor: Event["actor"];
  timestamp: string;
  events: StoredEvent[];
};

const bodyOf = (events: readonly Event[], first: Event): EventBody => ({
  project_id: first.project_id,
  from: first.seq,
  actor: first.actor,
  timestamp: first.timestamp,
  events: events.map(({ seq, project_id, actor, timestamp, ...own }): StoredEvent => own),
});

/** Makes the item that holds the events of a commit, under the seq of the last one; null for a commit without events. */
export const eventItem = ({ change, events, commit_id }: PreparedWrite) => {
  const [first] = events;
  if (!first) return null;
  const key = { tenant: change.tenant, project_id: change.project.id };
  return {
    ...keys.events(key, change.project.head),
    v: currentVersion("events"),
    commit_id,
    body: pack(bodyOf(events, first)),
  };
};

/** Reads the events of a commit from its item. */
export const toEvents = (item: Record<string, unknown>): Event[] => {
  const stored = unpack(item.body as Packed) as Record<string, unknown>;
  const body = upgrade("events", Number(item.v), stored) as EventBody;
  const { from, project_id, actor, timestamp } = body;
  return body.events.map(({ event_id, ...draft }, index) =>
    placeEvent(draft, { seq: from + index, event_id, project_id, actor, timestamp }),
  );
};

/** Makes an id of a seq, for an event that lost its own. */
const idOfSeq = (seq: number): string =>
  `00000000-0000-7000-8000-${seq.toString(16).padStart(12, "0")}`;

const epoch = new Date(0).toISOString();

/** Stands for an event that cannot be read, so that the log has no gap. */
const lostEvent = ({ project_id }: ProjectKey, seq: number): Event =>
  placeEvent(
    {
      event_type: "error",
      task_id: null,
      agent_type: null,
      data: { code: "unreadable_event", message: "The event that was stored here cannot be read." },
    },
    {
      seq,
      event_id: idOfSeq(seq),
      project_id,
      actor: { type: "system", id: "log" },
      timestamp: epoch,
    },
  );

/**
 * Reads the events of a commit from its item. One that cannot be read is reported, and an event of the type `error` stands in its place:
 * it does not stop the others.
 *
 * @param after the seq of the last event before the commit
 */
export const readableEvents = (
  { onUnreadable }: Pick<Table, "onUnreadable">,
  key: ProjectKey,
  item: Record<string, unknown>,
  after: number,
): Event[] => {
  const report = (error: unknown) =>
    onUnreadable?.({ pk: String(item.pk), sk: String(item.sk) }, error);
  try {
    return toEvents(item).map((event) => {
      const { error } = Event.safeParse(event);
      if (!error) return event;
      report(error);
      return lostEvent(key, event.seq);
    });
  } catch (error) {
    report(error);
    const last = Number(parseSortKey(String(item.sk)).id);
    const length = Math.max(0, last - after);
    return Array.from({ length }, (_, index) => lostEvent(key, after + index + 1));
  }
};
