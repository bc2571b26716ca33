import type { Call } from "../../contracts/call.ts";
import type { Event, EventType } from "../../domain/events.ts";
import { fillPage } from "../page.ts";
import type { LoadProject, ReadLog } from "../reads.ts";

export type ReadEventsDeps = {
  loadProject: LoadProject;
  readLog: ReadLog;
};

type Query = {
  project_id: string;
  after: number;
  limit: number;
  event_type?: EventType | undefined;
};

/**
 * Reads a page of the log. `next_after` is the `after` of the next page, null at the end of the log.
 *
 * @throws Problem `not-found`
 */
export const readEvents = async (deps: ReadEventsDeps, call: Call, query: Query) => {
  const key = { tenant: call.tenant, project_id: query.project_id };
  const { head } = await deps.loadProject(key);
  const { items, last } = await fillPage<Event, number>(
    async (after, commits) => {
      const { events, more } = await deps.readLog(key, { after: after ?? 0, commits });
      return { items: events, last: more ? (events.at(-1)?.seq ?? null) : null };
    },
    {
      after: query.after,
      limit: query.limit,
      positionOf: ({ seq }) => seq,
      keep: ({ event_type }) => !query.event_type || event_type === query.event_type,
    },
  );
  return { events: items, head: Math.max(head, items.at(-1)?.seq ?? 0), next_after: last };
};
