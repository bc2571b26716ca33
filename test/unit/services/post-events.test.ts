import { expect, test } from "vitest";
import type { Posted, Subscription } from "../../../lib/contracts/connection.ts";

import { maxMessageBytes } from "../../../lib/contracts/limits.ts";
import type { FramesMessage } from "../../../lib/contracts/queue-messages.ts";

import { emit } from "../../../lib/domain/change.ts";
import { EventType, projectEvent } from "../../../lib/domain/events.ts";
import { jsonByteLength } from "../../../lib/domain/json.ts";
import { prepareWrite } from "../../../lib/domain/prepare-write.ts";
import { forEachConcurrent } from "../../../lib/services/for-each-concurrent.ts";
import { postToWatchers } from "../../../lib/services/sockets/post-events.ts";
import { aChange, aMoment, anId, now, nowPlus, waitTimes } from "../../support/builders.ts";

const aSubscription = (n: number, fields: Partial<Subscription> = {}): Subscription => ({
  tenant: "local",
  connection_id: `socket-${n}`,
  endpoint: "https://sockets",
  user_id: "ann",
  connected_at: nowPlus(-60),
  expires_at: nowPlus(60),
  project_id: anId(1),
  event_types: null,
  replaying_until: null,
  ...fields,
});
const many = (count: number) => Array.from({ length: count }, (_, n) => aSubscription(n));

const key = { tenant: "local", project_id: anId(1), correlation_id: "call-1" };
const events = (count: number, message = "y") =>
  prepareWrite(
    emit(...Array.from({ length: count }, () => projectEvent("error", { code: "x", message })))(
      aChange({ project: { head: 41 } }),
    ),
    aMoment(),
    waitTimes,
  ).events;

/** Sockets that answer each frame as they are told. */
const socketsOf = (subscriptions: Subscription[], answers: Posted[] = []) => {
  const posted: string[] = [];
  const dropped: string[] = [];
  const queued: FramesMessage[] = [];
  const deps = {
    listSubscriptions: async () => subscriptions,
    post: async ({ connection_id }: Subscription, frame: string) => {
      const { from, to, events: shown } = JSON.parse(frame);
      posted.push(`${connection_id} ${from}-${to} ${shown.length}`);
      return answers.shift() ?? ("sent" as const);
    },
    dropConnection: async ({ connection_id }: Subscription) => void dropped.push(connection_id),
    sendFanout: async (message: FramesMessage) => void queued.push(message),
    now: () => new Date(now),
  };
  return { deps, posted, dropped, queued };
};

test("each socket gets one frame for one commit", async () => {
  const { deps, posted, dropped, queued } = socketsOf(many(2));
  await postToWatchers(deps, key, events(3));
  expect(posted.toSorted()).toEqual(["socket-0 42-44 3", "socket-1 42-44 3"]);
  expect([dropped, queued]).toEqual([[], []]);
});

test("without events nothing is posted", async () => {
  const { deps, posted } = socketsOf(many(2));
  await postToWatchers(deps, key, []);
  expect(posted).toEqual([]);
});

test.each([
  { sockets: 200, inline: 200, shards: [] },
  { sockets: 201, inline: 200, shards: [1] },
  { sockets: 401, inline: 200, shards: [200, 1] },
])("of $sockets sockets $inline are posted to, the rest goes out in $shards", async (row) => {
  const { deps, posted, queued } = socketsOf(many(row.sockets));
  await postToWatchers(deps, key, events(2));
  expect(posted).toHaveLength(row.inline);
  expect(queued.map(({ subscriptions }) => subscriptions.length)).toEqual(row.shards);
  const told = [
    ...posted.map((line) => line.split(" ")[0]),
    ...queued.flatMap(({ subscriptions }) => subscriptions.map((each) => each.connection_id)),
  ];
  expect(new Set(told).size).toBe(row.sockets);
  for (const message of queued) {
    expect(message).toMatchObject({ kind: "frames", ...key, after: 41, to: 43 });
  }
});

test("each socket has a filter of its own, and every frame its range", async () => {
  const { deps, posted } = socketsOf([
    aSubscription(0, { event_types: ["error"] }),
    aSubscription(1, { event_types: ["task_created"] }),
  ]);
  await postToWatchers(deps, key, events(2));
  expect(posted.toSorted()).toEqual(["socket-0 42-43 2", "socket-1 42-43 0"]);
});

test("frames reach a socket in their order", async () => {
  const { deps, posted } = socketsOf(many(1));
  await postToWatchers(deps, key, events(5, "x".repeat(15_000)));
  expect(posted).toEqual(["socket-0 42-43 2", "socket-0 44-45 2", "socket-0 46-46 1"]);
});

test.each([
  { name: "gone", connected: -60, answer: "gone", dropped: ["socket-0"] },
  { name: "gone, 10 s after it came", connected: -10, answer: "gone", dropped: ["socket-0"] },
  { name: "gone, before it was settled", connected: -9, answer: "gone", dropped: [] },
  { name: "too slow", connected: -60, answer: "dropped", dropped: [] },
] as const)("a socket that is $name gets no later frame", async (row) => {
  const socket = aSubscription(0, { connected_at: nowPlus(row.connected) });
  const { deps, posted, dropped } = socketsOf([socket], [row.answer]);
  await postToWatchers(deps, key, events(5, "x".repeat(15_000)));
  expect(posted).toEqual(["socket-0 42-43 2"]);
  expect(dropped).toEqual(row.dropped);
});

test("a connection whose time is over is dropped, not posted to", async () => {
  const { deps, posted, dropped } = socketsOf([aSubscription(0, { expires_at: now })]);
  await postToWatchers(deps, key, events(1));
  expect([posted, dropped]).toEqual([[], ["socket-0"]]);
});

test.each([
  { until: nowPlus(1), posted: [] },
  { until: now, posted: ["socket-0 42-42 1"] },
])("a socket whose replay runs until $until gets $posted", async ({ until, posted: expected }) => {
  const { deps, posted } = socketsOf([aSubscription(0, { replaying_until: until })]);
  await postToWatchers(deps, key, events(1));
  expect(posted).toEqual(expected);
});

test("a bounded number of sockets is posted to at a time", async () => {
  let running = 0;
  let most = 0;
  const done: number[] = [];
  await forEachConcurrent([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    done.push(item);
  });
  expect(most).toBe(3);
  expect(done.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test("a message for as many sockets as go into one fits the queue", async () => {
  const endpoint = `https://${"x".repeat(100)}`;
  const watching = Array.from({ length: 401 }, (_, n) =>
    aSubscription(n, { endpoint, user_id: "u".repeat(64), event_types: [...EventType.options] }),
  );
  const { deps, queued } = socketsOf(watching);
  await postToWatchers(deps, key, events(1));
  expect(queued.map(({ subscriptions }) => subscriptions.length)).toEqual([200, 1]);
  expect(jsonByteLength(queued[0])).toBeLessThan(maxMessageBytes);
});
