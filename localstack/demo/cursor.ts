import type { EventsFrame } from "../../lib/contracts/socket-messages.ts";
import type { Event } from "../../lib/domain/events.ts";

type Taken = { isGap: boolean; events: Event[]; last: number };

/** The client's rule: what it has is dropped; after a gap nothing counts, and it asks again from `last`. */
export const takeFrame = (last: number, { from, to, events }: EventsFrame): Taken =>
  from > last + 1
    ? { isGap: true, events: [], last }
    : { isGap: false, events: events.filter(({ seq }) => seq > last), last: Math.max(last, to) };
