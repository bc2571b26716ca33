import type { Event } from "../../domain/events.ts";
import type { Sealed } from "../../domain/prepare-write.ts";
import { keys } from "./keys.ts";
import { type Packed, pack, unpack } from "./pack.ts";
import { currentVersion, upgrade } from "./schema-versions.ts";

/** What all events of one commit share is kept once. */
type EventBody = {
  project_id: string;
  from: number;
  actor: Event["actor"];
  timestamp: string;
  events: Pick<Event, "event_id" | "event_type" | "task_id" | "agent_type" | "data">[];
};

const bodyOf = (events: readonly Event[], first: Event): EventBody => ({
  project_id: first.project_id,
  from: first.seq,
  actor: first.actor,
  timestamp: first.timestamp,
  events: events.map(({ event_id, event_type, task_id, agent_type, data }) => ({
    event_id,
    event_type,
    task_id,
    agent_type,
    data,
  })),
});

/** One item per commit, holding that commit's events under the seq of the last one. */
export const eventItem = ({ change, events, commit_id }: Sealed) => {
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

export const toEvents = (item: Record<string, unknown>): Event[] => {
  const stored = unpack(item.body as Packed) as Record<string, unknown>;
  const body = upgrade("events", Number(item.v), stored) as EventBody;
  return body.events.map((event, index) => ({
    seq: body.from + index,
    event_id: event.event_id,
    event_type: event.event_type,
    project_id: body.project_id,
    task_id: event.task_id,
    agent_type: event.agent_type,
    data: event.data,
    actor: body.actor,
    timestamp: body.timestamp,
  }));
};
