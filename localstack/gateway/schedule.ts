import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { ScheduledEvent } from "aws-lambda";
import { ACCOUNT } from "../emulators/cloudformation.ts";

const scheduledEvent = (region: string): ScheduledEvent => ({
  version: "0",
  id: randomUUID(),
  "detail-type": "Scheduled Event",
  source: "aws.events",
  account: ACCOUNT,
  time: new Date().toISOString(),
  region,
  resources: [],
  detail: {},
});

/** Invokes a function again and again. The pause begins when a call has ended: two calls never overlap. */
export const startSchedule = ({
  everySeconds,
  region,
  invoke,
  log,
}: {
  everySeconds: number;
  region: string;
  invoke: (event: ScheduledEvent) => Promise<unknown>;
  log: (message: string) => void;
}) => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      await delay(everySeconds * 1000, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await invoke(scheduledEvent(region)).catch((e) => log(String(e)));
    }
  };
  void run();
  return { stop: () => stopping.abort() };
};
