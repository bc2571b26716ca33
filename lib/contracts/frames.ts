import type { Event } from "../domain/events.ts";
import { jsonByteLength } from "../domain/json.ts";
import { maxFrameBytes } from "./limits.ts";

/** Bytes of a frame without its events: names, an id and two numbers. */
const envelopeBytes = 200;

/** Splits events into parts that each fit into a frame of `maxFrameBytes`. */
const split = (events: readonly Event[]): Event[][] => {
  const parts: Event[][] = [];
  let room = 0;
  for (const event of events) {
    const bytes = jsonByteLength(event) + 1;
    if (bytes > room) {
      parts.push([]);
      room = maxFrameBytes - envelopeBytes;
    }
    parts.at(-1)?.push(event);
    room -= bytes;
  }
  return parts;
};

/**
 * Writes the frames of consecutive events. The filter takes events out of a frame, but does not change `from` and `to`: a
 * client with a filter can still see that it missed nothing.
 *
 * @param event_types the types of events to keep; null for all
 */
export const framesOf = (
  project_id: string,
  events: readonly Event[],
  event_types: readonly string[] | null,
): string[] =>
  split(events).map((part) =>
    JSON.stringify({
      type: "events",
      project_id,
      from: part[0]?.seq,
      to: part.at(-1)?.seq,
      events: event_types ? part.filter((event) => event_types.includes(event.event_type)) : part,
    }),
  );
