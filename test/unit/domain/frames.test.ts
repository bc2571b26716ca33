import { expect, test } from "vitest";
import { framesOf } from "../../../lib/contracts/frames.ts";
import { maxFrameBytes } from "../../../lib/contracts/limits.ts";
import { emit } from "../../../lib/domain/change.ts";
import { projectEvent, taskEvent } from "../../../lib/domain/events.ts";
import { prepareWrite } from "../../../lib/domain/prepare-write.ts";
import { openRequest } from "../../../lib/domain/request/open-request.ts";
import {
  aChange,
  aMoment,
  anId,
  anOutput,
  aTask,
  nowPlus,
  waitTimes,
} from "../../support/builders.ts";

const bytes = (text: string) => Buffer.byteLength(text);
const says = (message: string) => taskEvent(aTask(), "agent_chat_message", { message });
const error = projectEvent("error", { code: "x", message: "y" });
const eventsOf = (...drafts: ReturnType<typeof says>[]) =>
  prepareWrite(emit(...drafts)(aChange({ project: { head: 41 } })), aMoment(), waitTimes).events;

type Frame = {
  type: string;
  project_id: string;
  from: number;
  to: number;
  events: { seq: number }[];
};
const read = (frames: readonly string[]) => frames.map((frame) => JSON.parse(frame) as Frame);
const seqs = (frame: Frame | undefined) => frame?.events.map(({ seq }) => seq);

test("one commit is one frame", () => {
  const events = eventsOf(says("a"), error);
  expect(read(framesOf(anId(1), events, null))).toEqual([
    { type: "events", project_id: anId(1), from: 42, to: 43, events },
  ]);
});

test("no events, no frame", () => {
  expect(framesOf(anId(1), [], null)).toEqual([]);
});

test.each([
  { name: "plain", character: "x" },
  { name: "two bytes each", character: "é" },
  { name: "four bytes each", character: "😀" },
  { name: "escaped in JSON", character: "\u0001" },
])("long text, $name, is split into frames of at most 32 KB", ({ character }) => {
  const text = character.repeat(2_000 / character.length);
  const events = eventsOf(...Array.from({ length: 90 }, () => says(text)));
  const frames = framesOf(anId(1), events, null);
  expect(Math.max(...frames.map(bytes))).toBeLessThanOrEqual(maxFrameBytes);
  const parts = read(frames);
  expect(parts.length).toBeGreaterThan(1);
  let next = 42;
  for (const part of parts) {
    expect(part.from).toBe(next);
    expect(part.to).toBe(part.from + part.events.length - 1);
    expect(seqs(part)).toEqual(part.events.map((_, index) => part.from + index));
    next = part.to + 1;
  }
  expect(next).toBe(42 + events.length);
});

test("frames are filled: two events that fit together go together", () => {
  const half = says("x".repeat(maxFrameBytes / 2 - 600));
  expect(framesOf(anId(1), eventsOf(half, half), null)).toHaveLength(1);
  expect(framesOf(anId(1), eventsOf(half, half, half), null)).toHaveLength(2);
});

test.each([
  { types: ["error"], left: [43] },
  { types: ["agent_chat_message"], left: [42, 44] },
  { types: ["error", "agent_chat_message"], left: [42, 43, 44] },
  { types: ["task_created"], left: [] },
])("a filter for $types leaves $left, and from and to as they are", ({ types, left }) => {
  const [frame, ...others] = read(framesOf(anId(1), eventsOf(says("a"), error, says("b")), types));
  expect(others).toEqual([]);
  expect(frame).toMatchObject({ from: 42, to: 44 });
  expect(seqs(frame)).toEqual(left);
});

// The longest that POST /projects/{id}/hitl takes: 4 000 characters, 20 options of 200, 50 artifacts.
test.each([
  { name: "four-byte", character: "😀" },
  { name: "three-byte", character: "€" },
  { name: "control", character: "\u0001" },
])("the longest question, in $name characters, still fits a frame", ({ character }) => {
  const long = (most: number) => character.repeat(most / character.length);
  const { version, sha256 } = anOutput();
  const ask = {
    kind: "question",
    question: long(4_000),
    options: Array.from({ length: 20 }, () => long(200)),
    context: Array.from({ length: 50 }, (_, n) => ({ context_id: anId(n), version, sha256 })),
  } as const;
  const asked = openRequest(aTask(), ask, aMoment({ now: nowPlus(1) }))(aChange());
  const frames = framesOf(anId(1), prepareWrite(asked, aMoment(), waitTimes).events, null);
  expect(Math.max(...frames.map(bytes))).toBeLessThanOrEqual(maxFrameBytes);
});
