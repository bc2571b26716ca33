import type { Guard } from "./guard.ts";

/** What lets those who watch see everything. */
export const watchingGuards: readonly Guard[] = [
  {
    name: "subscribe before read",
    set: "watch",
    fault: "stall before",
    edits: [
      {
        file: "lib/services/sockets/replay.ts",
        on: "await replayLog(deps, subscription, subscription, { after: told, event_types })",
        off: "null",
      },
    ],
  },
  {
    name: "sockets that open are given time",
    set: "watch",
    fault: "stall after",
    edits: [
      {
        file: "lib/services/sockets/replay.ts",
        on: 'posted !== "gone" || deps.now().getTime() >= settled',
        off: "true",
      },
    ],
  },
  {
    name: "410 clean-up",
    set: "full",
    fault: "gone by name",
    edits: [
      {
        file: "lib/services/sockets/broadcast.ts",
        on: 'posted === "gone" && !isYoung(subscription, deps.now())',
        off: "false",
      },
    ],
  },
];
