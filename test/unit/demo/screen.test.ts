import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openScreen } from "../../../localstack/demo/screen.ts";

const introducer = "\u001b[";

/** What a terminal shows after the writes: understands up, erase below and the cursor. */
const terminal = (isTTY: boolean) => {
  let rows: string[] = [""];
  let isCursorShown = true;
  const type = (text: string) => {
    rows = [...rows.slice(0, -1), ...`${rows.at(-1)}${text}`.split("\n")];
  };
  const obey = (sequence: string) => {
    const [, up, mode, rest = ""] = /^(?:(\d+)A|\?25([hl])|J)\r?(.*)$/s.exec(sequence) ?? [];
    if (up) rows = [...rows.slice(0, rows.length - 1 - Number(up)), ""];
    if (mode) isCursorShown = mode === "h";
    type(rest);
  };
  const write = (text: string) => {
    const [plain = "", ...sequences] = text.split(introducer);
    type(plain);
    for (const sequence of sequences) obey(sequence);
    return true;
  };
  const stream = { isTTY, write } as unknown as NodeJS.WriteStream;
  return { stream, rows: () => rows.slice(0, -1), isCursorShown: () => isCursorShown };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("live lines are redrawn in place below the lines that stay", () => {
  const { stream, rows, isCursorShown } = terminal(true);
  let live = ["working 0%"];
  const screen = openScreen(stream, () => live);
  screen.print(["header"]);
  expect(rows()).toEqual(["header", "working 0%"]);
  live = ["working 50%", "typing"];
  vi.advanceTimersByTime(100);
  expect(rows()).toEqual(["header", "working 50%", "typing"]);
  expect(isCursorShown()).toBe(false);
  live = [];
  screen.print(["done"]);
  expect(rows()).toEqual(["header", "done"]);
  screen.close();
  expect(isCursorShown()).toBe(true);
});

test("while a person is asked nothing moves; what came meanwhile follows", () => {
  const { stream, rows, isCursorShown } = terminal(true);
  const screen = openScreen(stream, () => ["working"]);
  screen.print(["question"]);
  screen.hold();
  expect(rows()).toEqual(["question"]);
  expect(isCursorShown()).toBe(true);
  screen.print(["news"]);
  vi.advanceTimersByTime(500);
  expect(rows()).toEqual(["question"]);
  screen.release();
  expect(rows()).toEqual(["question", "news", "working"]);
  screen.close();
  expect(rows()).toEqual(["question", "news"]);
});

test("a file gets the lines that stay, and no control characters", () => {
  const { stream, rows } = terminal(false);
  const screen = openScreen(stream, () => ["working"]);
  screen.print(["one"]);
  screen.hold();
  screen.print(["two"]);
  screen.release();
  screen.close();

  expect(rows()).toEqual(["one", "two"]);
});
