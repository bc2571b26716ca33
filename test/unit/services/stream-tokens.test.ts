import { expect, test } from "vitest";
import type { Subscription } from "../../../lib/contracts/connection.ts";
import type { TokensFrame } from "../../../lib/contracts/socket-messages.ts";
import { anId, now, nowPlus } from "../../support/builders.ts";
import { aWatcher, settle, streaming } from "./streaming.ts";

/** What a client has that puts each piece where its offset says. */
const joined = (frames: { frame: TokensFrame }[]) =>
  frames.reduce((text, { frame }) => text.slice(0, frame.offset) + frame.text, "");

test("the first piece is shown at once, with whose it is", async () => {
  const { stream, frames, forward } = streaming();
  stream.push("Hel");
  await forward(0);
  expect(frames.map(({ frame }) => frame)).toEqual([
    {
      type: "tokens",
      project_id: anId(1),
      task_id: anId(10),
      agent_type: "coder",
      attempt: 1,
      call_id: anId(50),
      offset: 0,
      text: "Hel",
    },
  ]);
});

test("what comes faster is coalesced: never more than five frames in a second", async () => {
  const { stream, frames, looks, forward } = streaming();
  let written = "";
  for (let index = 0; index < 500; index += 1) {
    const piece = `${index} `;
    written += piece;
    stream.push(piece);
    await forward(10);
  }
  const ended = stream.end();
  await forward(200);
  await ended;
  for (const { at } of frames) {
    const inSecond = frames.filter((other) => other.at >= at && other.at < at + 1_000);
    expect(inSecond.length).toBeLessThanOrEqual(5);
  }
  expect(frames.length).toBeGreaterThan(20);
  expect(joined(frames)).toBe(written);
  expect(looks.length).toBeLessThanOrEqual(3);
});

test("the end comes after the last frame, and at once when nothing waits", async () => {
  const { stream, frames, forward } = streaming();
  await stream.end();
  stream.push("a");
  await forward(0);
  stream.push("b");
  let isOver = false;
  const ended = stream.end().then(() => {
    isOver = true;
  });
  await forward(199);
  expect(isOver).toBe(false);
  await forward(1);
  await ended;
  expect(frames.map(({ frame }) => [frame.offset, frame.text])).toEqual([
    [0, "a"],
    [1, "b"],
  ]);
});

test("nothing written is no frame, and does not stop what follows", async () => {
  const { stream, frames, forward } = streaming();
  stream.push("");
  await forward(1_000);
  expect(frames).toEqual([]);
  stream.push("a");
  await forward(0);
  expect(frames).toHaveLength(1);
});

test("of a piece too long for a frame the end is shown, and how much came before", async () => {
  const { stream, frames, forward } = streaming();
  stream.push(`${"a".repeat(7_000)}${"\u0001".repeat(4_999)}z`);
  await forward(0);
  stream.push("!");
  await forward(200);
  expect(frames.map(({ frame }) => [frame.offset, frame.text.length])).toEqual([
    [7_000, 5_000],
    [12_000, 1],
  ]);
});

test("a frame that is cut within a character is still text", async () => {
  const { stream, frames, forward } = streaming();
  stream.push(`🐝${"a".repeat(4_999)}`);
  await forward(0);
  expect(frames[0]?.frame).toMatchObject({ offset: 1, text: `\ufffd${"a".repeat(4_999)}` });
});

test.each<{ name: string; watcher: Partial<Subscription>; gets: boolean }>([
  { name: "watches everything", watcher: {}, gets: true },
  { name: "watches what is said", watcher: { event_types: ["agent_chat_message"] }, gets: true },
  { name: "watches other events", watcher: { event_types: ["task_completed"] }, gets: false },
  { name: "is in its replay", watcher: { replaying_until: nowPlus(1) }, gets: false },
  { name: "was in a replay", watcher: { replaying_until: now }, gets: true },
])("who $name gets frames: $gets", async ({ watcher, gets }) => {
  const { stream, frames, forward } = streaming([
    aWatcher({ connection_id: "it", ...watcher }),
    aWatcher({ connection_id: "other" }),
  ]);
  stream.push("a");
  await forward(0);
  expect(frames.map(({ to }) => to)).toEqual(gets ? ["it", "other"] : ["other"]);
});

test("a socket gets frames when its replay is over, from where the writing is by then", async () => {
  const { stream, frames, forward } = streaming([aWatcher({ replaying_until: nowPlus(1) })]);
  stream.push("abc");
  await forward(0);
  await forward(1_000);
  stream.push("d");
  await forward(0);
  expect(frames.map(({ frame }) => [frame.offset, frame.text])).toEqual([[3, "d"]]);
});

test("a slow look-up does not bring frames closer together", async () => {
  let answer: (list: Subscription[]) => void = () => undefined;
  const { stream, frames, forward } = streaming([], {
    listSubscriptions: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  });
  stream.push("a");
  await forward(190);
  answer([aWatcher()]);
  await forward(0);
  stream.push("b");
  await forward(199);
  expect(frames.map(({ at }) => at)).toEqual([190]);
  await forward(1);
  expect(frames.map(({ at }) => at)).toEqual([190, 390]);
});

test("who comes later is found within two seconds", async () => {
  const watchers: Subscription[] = [];
  const { stream, frames, forward } = streaming([], {
    listSubscriptions: async () => [...watchers],
  });
  stream.push("a");
  await forward(0);
  watchers.push(aWatcher());
  for (const piece of ["b", "c", "d"]) {
    await forward(999);
    stream.push(piece);
    await forward(0);
  }
  expect(frames.map(({ frame }) => [frame.offset, frame.text])).toEqual([[3, "d"]]);
});

test("a post that fails harms nobody else, and no text that came meanwhile is lost", async () => {
  const { stream, frames, forward } = streaming(
    [aWatcher({ connection_id: "broken" }), aWatcher({ connection_id: "ann" })],
    {
      post: async ({ connection_id }) => {
        await settle();
        if (connection_id === "broken") throw new Error("The gateway does not answer.");
        return "sent";
      },
    },
  );
  stream.push("a");
  stream.push("b");
  await forward(0);
  stream.push("c");
  const ended = stream.end();
  await forward(200);
  await ended;
  expect(frames.map(({ to, frame }) => [to, frame.offset, frame.text])).toEqual([
    ["ann", 0, "ab"],
    ["ann", 2, "c"],
  ]);
});

test("a look-up that fails is made again later, and the offset tells what was missed", async () => {
  let fails = true;
  const { stream, frames, forward } = streaming([], {
    listSubscriptions: async () => {
      if (fails) throw new Error("The table does not answer.");
      return [aWatcher()];
    },
  });
  stream.push("abc");
  await forward(0);
  fails = false;
  await forward(2_000);
  stream.push("d");
  await forward(0);
  fails = true;
  await forward(2_000);
  stream.push("e");
  await forward(0);
  expect(frames.map(({ frame }) => [frame.offset, frame.text])).toEqual([
    [3, "d"],
    [4, "e"],
  ]);
});

test("each call begins anew, under the name of its own agent", async () => {
  const { stream, frames, forward } = streaming();
  stream.push("first");
  await forward(0);
  const mediator = stream.of({ agent_type: "orchestrator", call_id: anId(51) });
  stream.push(" more");
  mediator("second");
  await forward(200);
  await forward(200);
  expect(frames.map(({ frame }) => [frame.agent_type, frame.offset, frame.text])).toEqual([
    ["coder", 0, "first"],
    ["coder", 5, " more"],
    ["orchestrator", 0, "second"],
  ]);
});
