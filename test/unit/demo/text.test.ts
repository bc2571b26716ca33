import { expect, test } from "vitest";
import {
  clean,
  clip,
  displayWidth,
  fill,
  formatBytes,
  formatMs,
  wrap,
} from "../../../localstack/demo/text.ts";

test.each([
  ["tea", 3],
  ["日本", 4],
  ["🎉", 2],
  ["é", 1],
  ["", 0],
])("%j takes %i columns", (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});

test.each([
  ["tea", 3, "tea"],
  ["teapot", 4, "tea…"],
  ["tea pot", 5, "tea…"],
  ["日本語", 4, "日…"],
  ["tea", 0, ""],
])("%j clipped to %i is %j", (text, columns, clipped) => {
  expect(clip(text, columns)).toBe(clipped);
});

test.each([
  ["tea", "tea  "],
  ["teapots", "teap…"],
  ["日本", "日本 "],
])("%j filled up to five columns is %j", (text, filled) => {
  expect(fill(text, 5)).toBe(filled);
});

test("control characters become blanks", () => {
  expect(clean(" a\u001b[31mb\nc\u0000\u2028d\u009b ")).toBe("a [31mb c d");
});

test("wrapping breaks between words, cuts what is too long and marks what is left out", () => {
  expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrap("incomprehensible", 7)).toEqual(["incomp…"]);
  expect(wrap("one two three four five", 7, 2)).toEqual(["one two", "three …"]);
});

test.each([
  [-5, "0 ms"],
  [48.4, "48 ms"],
  [1_000, "1.0 s"],
  [59_900, "59.9 s"],
  [59_960, "1:00 min"],
  [65_000, "1:05 min"],
  [119_700, "2:00 min"],
  [3_599_400, "59:59 min"],
  [12_000_000, "3:20 h"],
])("%d ms reads %s", (ms, text) => {
  expect(formatMs(ms)).toBe(text);
});

test.each([
  [999, "999 B"],
  [2_048, "2.0 KB"],
])("%i bytes read %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
