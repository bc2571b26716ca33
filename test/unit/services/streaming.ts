import { expect } from "vitest";
import type { Subscription } from "../../../lib/contracts/connection.ts";
import { TokensFrame } from "../../../lib/contracts/socket-messages.ts";
import { openStream, type StreamDeps } from "../../../lib/services/sockets/stream-tokens.ts";
import { anId, aWorkingTask, now, nowPlus } from "../../support/builders.ts";

export const aWatcher = (fields: Partial<Subscription> = {}): Subscription => ({
  tenant: "local",
  connection_id: "ann",
  endpoint: "https://sockets",
  user_id: "ann",
  connected_at: now,
  expires_at: nowPlus(7_200),
  project_id: anId(1),
  event_types: null,
  replaying_until: null,
  ...fields,
});

export const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A stream on a clock that only the test moves. */
export const streaming = (
  watchers: Subscription[] = [aWatcher()],
  given: Partial<Pick<StreamDeps, "post" | "listSubscriptions">> = {},
) => {
  let at = 0;
  let sleepers: { until: number; wake: () => void }[] = [];
  const frames: { to: string; at: number; frame: TokensFrame }[] = [];
  const looks: number[] = [];
  const deps: StreamDeps = {
    listSubscriptions: async (key) => {
      expect(key).toMatchObject({ tenant: "local", project_id: anId(1) });
      looks.push(at);
      return given.listSubscriptions ? given.listSubscriptions(key) : watchers;
    },
    post: async (subscription, frame) => {
      expect(Buffer.byteLength(frame)).toBeLessThanOrEqual(32 * 1_024);
      const posted = given.post ? await given.post(subscription, frame) : "sent";
      frames.push({
        to: subscription.connection_id,
        at,
        frame: TokensFrame.parse(JSON.parse(frame)),
      });
      return posted;
    },
    now: () => new Date(Date.parse(now) + at),
    sleep: (ms) => new Promise((wake) => sleepers.push({ until: at + ms, wake })),
  };
  const { writerOf: of, end } = openStream(deps, "local", aWorkingTask());
  const stream = { of, end, push: of({ agent_type: "coder", call_id: anId(50) }) };
  const forward = async (ms: number) => {
    at += ms;
    const due = sleepers.filter(({ until }) => until <= at);
    sleepers = sleepers.filter(({ until }) => until > at);
    for (const { wake } of due) wake();
    await settle();
  };
  return { stream, frames, looks, forward };
};
