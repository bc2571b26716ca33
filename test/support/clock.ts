import { type Clock, realClock } from "../../lib/adapters/clock.ts";

/** A clock that a test moves by hand; waiting is as in reality, as nothing here waits long. */
export const movableClock = (start = Date.now()): Clock & { forward: (ms: number) => void } => {
  let offset = start - Date.now();
  return {
    ...realClock,
    now: () => new Date(Date.now() + offset),
    forward: (ms) => {
      offset += ms;
    },
  };
};
