import type { Event } from "../domain/events.ts";
import { jsonByteLength } from "../domain/json.ts";
import { maxFrameBytes } from "./limits.ts";

/** The frame around its events: names, an id and two numbers. */
const envelopeBytes = 200;

/** Splits events so that each part fits a frame. */
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
 * Frames, as text, for a run of events without gaps. A filter takes events out of a frame, but never moves
 * `from` and `to`: a client that filters can still see that it missed nothing.
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
