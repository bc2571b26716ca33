import type { ProjectKey } from "../../domain/common.ts";
import type { Event } from "../../domain/events.ts";
import { readableEvents } from "./event-items.ts";
import { eventPrefix, keys } from "./keys.ts";
import { queryRange } from "./query.ts";
import type { Table } from "./table.ts";

/**
 * Reads the events after the seq `after`, in ascending order, of at most `commits` commits. `more` tells whether the log
 * goes on.
 */
export const readLog = async (
  table: Table,
  key: ProjectKey,
  { after, commits }: { after: number; commits: number },
): Promise<{ events: Event[]; more: boolean }> => {
  const { items, last } = await queryRange(table, {
    pk: keys.project(key).pk,
    prefix: eventPrefix,
    after: keys.events(key, after).sk,
    limit: commits,
  });
  let from = after;
  const events = items.flatMap((item) => {
    const read = readableEvents(table, key, item, from);
    from = read.at(-1)?.seq ?? from;
    return read;
  });
  return { events: events.filter((event) => event.seq > after), more: last !== null };
};
