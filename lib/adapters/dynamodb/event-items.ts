import { type Event, type EventDraft, placeEvent } from "../../domain/events.ts";
import type { PreparedWrite } from "../../domain/prepare-write.ts";
import { keys } from "./keys.ts";
import { type Packed, pack, unpack } from "./pack.ts";
import { currentVersion, upgrade } from "./schema-versions.ts";

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
