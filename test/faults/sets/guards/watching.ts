import type { Guard } from "./guard.ts";

/** What lets those who watch see everything. */
export const watchingGuards: readonly Guard[] = [
  {
    name: "subscribe before read",
    set: "watch",
    fault: "stall before",
    places: {
      "subscribe before read": "null",
    },
  },
  {
    name: "sockets that open are given time",
    set: "watch",
    fault: "stall after",
    places: {
      "sockets that open are given time": "true",
    },
  },
  {
    name: "410 clean-up",
    set: "full",
    fault: "gone by name",
    places: {
      "410 clean-up": "false",
    },
  },
];
