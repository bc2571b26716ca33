import { expect, test } from "vitest";
import { readDirectives, stripDirectives } from "../../../lib/agents/offline/directives.ts";

const none = {
  sleepMs: 0,
  failures: 0,
  questions: [],
  bytes: 0,
  failedTestRuns: 0,
  confidence: null,
  conflicts: 0,
};
const always = Number.POSITIVE_INFINITY;

test.each([
  { text: "A shop", reads: {} },
  { text: "[[sleep:500]]", reads: { sleepMs: 500 } },
  { text: "[[sleep:600000]]", reads: { sleepMs: 600_000 } },
  { text: "[[sleep:600001]]", reads: {} },
  { text: "[[sleep:-1]]", reads: {} },
  { text: "[[sleep:soon]]", reads: {} },
  { text: "[[sleep:]]", reads: {} },
  { text: "[[ sleep : 5 ]]", reads: { sleepMs: 5 } },
  { text: "[[fail:2]]", reads: { failures: 2 } },
  { text: "[[fail:always]]", reads: { failures: always } },
  { text: "[[fail:never]]", reads: {} },
  { text: "[[ask:Which database?]]", reads: { questions: ["Which database?"] } },
  { text: "[[ask:At 10:30?]] [[ask:B?]]", reads: { questions: ["At 10:30?", "B?"] } },
  { text: "[[ask:A?]] [[ask:A?]]", reads: { questions: ["A?"] } },
  { text: "[[ask: ]]", reads: {} },
  { text: "[[bytes:200000]]", reads: { bytes: 200_000 } },
  { text: "[[bytes:10000001]]", reads: {} },
  { text: "[[tests:fail:2]]", reads: { failedTestRuns: 2 } },
  { text: "[[tests:fail:always]]", reads: { failedTestRuns: always } },
  { text: "[[tests:pass]]", reads: {} },
  { text: "[[confidence:0.4]]", reads: { confidence: 0.4 } },
  { text: "[[confidence:1]]", reads: { confidence: 1 } },
  { text: "[[confidence:1.1]]", reads: {} },
  { text: "[[conflict:2]]", reads: { conflicts: 2 } },
  { text: "[[coder:conflict:always]]", reads: { conflicts: always } },
  { text: "[[tester:conflict:1]] [[conflict:often]]", reads: {} },
  { text: "[[coder:fail:1]]", reads: { failures: 1 } },
  { text: "[[tester:fail:1]]", reads: {} },
  { text: "[[coder:tests:fail:1]]", reads: { failedTestRuns: 1 } },
  { text: "[[coder:fail:0]] [[fail:always]]", reads: { failures: 0 } },
  { text: "[[coder:ask:Mine?]] [[ask:All?]]", reads: { questions: ["Mine?"] } },
  { text: "[[coder:fail:x]] [[fail:3]]", reads: { failures: 3 } },
  { text: "[[sleep:1]] [[sleep:2]]", reads: { sleepMs: 2 } },
  { text: "[[dance:1]] [[painter:fail:1]] [fail:1] [[fail]]", reads: {} },
  { text: "[[sleep:5", reads: {} },
])("the coder reads $text", ({ text, reads }) => {
  expect(readDirectives(text, "coder")).toEqual({ ...none, ...reads });
});

test.each([
  ["A shop [[sleep:500]] for candles", "A shop for candles"],
  ["A shop [[fail:x]].", "A shop."],
  ["[[coder:tests:fail:2]]A shop", "A shop"],
  ["[[ask:Which database?]]", ""],
  ["A [[SLEEP:800]] shop [[Coder:Fail:1]]", "A shop"],
  ["A shop [[ask:Which [[sleep:5]] one?]] for [[sleep:[[fail:1]]]] tea", "A shop for tea"],
  ["A shop [[sleep:5] for [[fail]] tea [[painter:tests:fail:x]]", "A shop for tea"],
  ["A shop for tea [[sleep:800", "A shop for tea"],
  ["See [[the wiki]] and [[dance:1]]", "See [[the wiki]] and [[dance:1]]"],
  ["Two\nlines [[sleep:1]]\nstay", "Two\nlines \nstay"],
  ["Two  spaces\n    stay", "Two  spaces\n    stay"],
])("%j without directives is %j", (text, stripped) => {
  expect(stripDirectives(text)).toBe(stripped);
});

test("hostile brackets take no time to read", () => {
  const text = "[[coder:".repeat(20_000);
  expect(readDirectives(text, "coder")).toEqual(none);
  expect(stripDirectives(text)).toBe(text);
});
