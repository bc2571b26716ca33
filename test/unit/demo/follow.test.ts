import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { EventsFrame } from "../../../lib/contracts/socket-messages.ts";
import { pauseAfter } from "../../../localstack/demo/backoff.ts";
import { takeFrame } from "../../../localstack/demo/cursor.ts";
import { follow } from "../../../localstack/demo/follow.ts";
import { created, logOf, projectId } from "./builders.ts";

const log = logOf(...Array.from({ length: 9 }, () => created("a")));

const frame = (from: number, to: number): EventsFrame => ({
  type: "events",
  project_id: projectId,
  from,
  to,
  events: log.slice(from - 1, to),
});

test.each([
  [0, 1, 3, { isGap: false, seqs: [1, 2, 3], last: 3 }],
  [2, 1, 3, { isGap: false, seqs: [3], last: 3 }],
  [3, 1, 3, { isGap: false, seqs: [], last: 3 }],
  [5, 1, 3, { isGap: false, seqs: [], last: 5 }],
  [1, 3, 4, { isGap: true, seqs: [], last: 1 }],
])("after seq %i, a frame from %i to %i gives %j", (last, from, to, expected) => {
  const { isGap, events, last: next } = takeFrame(last, frame(from, to));

  expect({ isGap, seqs: events.map(({ seq }) => seq), last: next }).toEqual(expected);
});

test("a frame that a filter has emptied still counts", () => {
  expect(takeFrame(0, { ...frame(1, 3), events: [] })).toMatchObject({ isGap: false, last: 3 });
});

test("pauses grow to five seconds and end sooner when there never was a connection", () => {
  const pauses = (wasConnected: boolean) =>
    Array.from({ length: 11 }, (_, index) => pauseAfter(index + 1, wasConnected));

  expect(pauses(true)).toEqual([
    250,
    500,
    1_000,
    2_000,
    4_000,
    5_000,
    5_000,
    5_000,
    5_000,
    null,
    null,
  ]);
  expect(pauses(false).slice(0, 6)).toEqual([250, 500, 1_000, 2_000, null, null]);
});

/** `readyState` of a socket. */
const open = 1;
const closed = 3;

/** A socket that only does what the test says. */
const openFake = (url: URL) => {
  const target = new EventTarget();
  const sent: unknown[] = [];
  const fake = Object.assign(target, {
    url,
    sent,
    readyState: open,
    send: (text: string) => void sent.push(JSON.parse(text)),
    close: () => fake.drop(),
    drop: () => {
      if (fake.readyState === closed) return;
      fake.readyState = closed;
      target.dispatchEvent(new Event("close"));
    },
    say: (message: unknown) =>
      target.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) })),
  });
  return fake;
};

let sockets: ReturnType<typeof openFake>[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  const construct = (_: unknown, [url]: [URL]) => {
    const fake = openFake(url);
    sockets.push(fake);
    return fake;
  };
  vi.stubGlobal("WebSocket", new Proxy(EventTarget, { construct, get: () => open }));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const begin = () => {
  const got: string[] = [];
  const stop = new AbortController();
  const done = follow({
    ws: "ws://stack/dev",
    projectId,
    onEvents: (events, isLive) =>
      void got.push(`${events.map(({ seq }) => seq).join(" ")}${isLive ? " live" : ""}`.trim()),
    signal: stop.signal,
  });
  return { got, stop, done };
};

const subscribed = (head: number) => ({ type: "subscribed", project_id: projectId, head });
const socketAt = (index: number) => {
  const socket = sockets[index];
  if (!socket) throw new Error(`no socket ${index}`);
  return socket;
};

test("the replay is told apart from what is live", async () => {
  const { got, stop, done } = begin();
  const socket = socketAt(0);
  socket.say(subscribed(4));
  socket.say(frame(1, 2));
  socket.say(frame(3, 4));
  socket.say(frame(5, 5));
  stop.abort();
  await done;

  expect(String(socket.url)).toBe(`ws://stack/dev?project_id=${projectId}&after=0`);
  expect(got).toEqual(["", "1 2", "3 4 live", "5 live"]);
});

test("a gap asks again from the last event, once, and nothing behind it is applied", async () => {
  const { got, stop, done } = begin();
  const socket = socketAt(0);
  socket.say(subscribed(0));
  socket.say(frame(1, 2));
  socket.say(frame(4, 5));
  socket.say(frame(6, 6));
  expect(socket.sent).toEqual([{ action: "subscribe", project_id: projectId, after: 2 }]);
  socket.say(frame(3, 6));
  stop.abort();
  await done;

  expect(got.filter((line) => line !== "live")).toEqual(["1 2 live", "3 4 5 6 live"]);
});

test("a lost connection is opened again from the last event", async () => {
  const { got, stop, done } = begin();
  socketAt(0).say(frame(1, 3));
  socketAt(0).drop();
  await vi.advanceTimersByTimeAsync(250);
  expect(socketAt(1).url.searchParams.get("after")).toBe("3");
  socketAt(1).say(frame(2, 4));
  stop.abort();
  await done;

  expect(got).toEqual(["1 2 3", "4"]);
});

test("pings carry the last seq; a silent connection is given up", async () => {
  const { stop, done } = begin();
  const socket = socketAt(0);
  socket.say(frame(1, 2));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(socket.sent).toEqual([{ action: "ping", project_id: projectId, last: 2 }]);
  await vi.advanceTimersByTimeAsync(15_500);
  expect(sockets).toHaveLength(2);
  stop.abort();
  await done;
});

test("what never answers is given up", async () => {
  const { done } = begin();
  const given = expect(done).rejects.toThrow("No connection to the WebSocket at ws://stack/dev.");
  for (let round = 0; round < 5; round += 1) {
    socketAt(round).drop();
    await vi.advanceTimersByTimeAsync(2_000);
  }
  await given;
});

test("a refusal for good ends it, a passing one connects again", async () => {
  const passing = begin();
  socketAt(0).say({ type: "error", problem: { status: 503, detail: "Busy" } });
  await vi.advanceTimersByTimeAsync(250);
  expect(sockets).toHaveLength(2);
  passing.stop.abort();
  await passing.done;

  const refused = begin();
  socketAt(2).say({ type: "error", problem: { status: 404, detail: "There is no project." } });
  await expect(refused.done).rejects.toThrow("There is no project.");
});
