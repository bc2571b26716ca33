import type { EventsFrame } from "../../lib/contracts/socket-messages.ts";
import type { Event } from "../../lib/domain/events.ts";

type Taken = { isGap: boolean; events: Event[]; last: number };

/** Takes the events of a frame that are new to the client. After a gap it takes none: the client asks again from `last`. */
export const takeFrame = (last: number, { from, to, events }: EventsFrame): Taken =>
  from > last + 1
    ? { isGap: true, events: [], last }
    : { isGap: false, events: events.filter(({ seq }) => seq > last), last: Math.max(last, to) };
