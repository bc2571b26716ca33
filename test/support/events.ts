import type { Event, EventOf, EventType } from "../../lib/domain/events.ts";

/** Whether an event is one of these. */
export const isOfType =
  <T extends EventType>(...types: readonly T[]) =>
  (event: Event): event is EventOf<T> =>
    types.some((type) => type === event.event_type);
