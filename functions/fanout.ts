import { type FanOutMessage, fanOut } from "../lib/services/fan-out.ts";
import { openBatch } from "./parts/batch.ts";
import { openParts, outside } from "./parts/parts.ts";

const given = outside();
const parts = openParts(given);

export const handler = openBatch(given.logger, (message) =>
  fanOut(parts, message as FanOutMessage),
);
