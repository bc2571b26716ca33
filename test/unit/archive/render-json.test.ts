import { expect, test } from "vitest";
import { document } from "../../../lib/archive/markdown.ts";
import { renderJson } from "../../../lib/archive/render-json.ts";
import type { Json } from "../../../lib/domain/json.ts";

const render = (value: Json, level = 2) => document(renderJson(value, level));

const deep = (levels: number): Json => (levels === 0 ? "end" : { a: deep(levels - 1) });

test.each<[string, Json, string]>([
  ["text", "Hello", "Hello\n"],
  ["a number", 1.5, "1.5\n"],
  ["nothing", null, "–\n"],
  ["an empty list", [], "None.\n"],
  ["an empty object", {}, "None.\n"],
  ["a list", ["a", 1, null], "- a\n- 1\n- –\n"],
  ["short facts", { passed: 3, is_new: true }, "- **Is new:** true\n- **Passed:** 3\n"],
  ["a summary", { summary: "Short." }, "## Summary\n\nShort.\n"],
  ["long text", { reason: "x".repeat(90) }, `## Reason\n\n${"x".repeat(90)}\n`],
  ["text in lines", { reason: "a\nb" }, "## Reason\n\n> a\\\n> b\n"],
  [
    "flat objects",
    [
      { id: "R1", by: ["a", "b"] },
      { id: "R2", note: "x|y" },
    ],
    "| Id | By | Note |\n| --- | --- | --- |\n| R1 | a, b | – |\n| R2 | – | x\\|y |\n",
  ],
  [
    "objects with names",
    [{ id: "T1", title: "Store", steps: [{ of: { a: 1 } }] }],
    "## T1: Store\n\n### Steps\n\n#### 1\n\n**Of**\n\n- **A:** 1\n",
  ],
  [
    "an object that is but a name, among others",
    [{ id: "A" }, { x: { y: 1 } }],
    "## A\n\n## 2\n\n### X\n\n- **Y:** 1\n",
  ],
  ["lists of lists", [["a"], ["b"]], "## 1\n\n- a\n\n## 2\n\n- b\n"],
])("%s", (_, value, expected) => {
  expect(render(value)).toBe(expected);
});

test("whatever the order of keys, the text is the same", () => {
  const one = { notes: ["n"], risk: "r".repeat(99), goals: [{ b: 1, a: 2 }] };
  const other = { goals: [{ a: 2, b: 1 }], risk: "r".repeat(99), notes: ["n"] };
  expect(render(one)).toBe(render(other));
});

test("deep nesting ends as JSON", () => {
  expect(render(deep(60))).toContain('```json\n{"a":{"a":');
});

test("keys that every object inherits are keys like any other", () => {
  const items = [JSON.parse('{"__proto__":"p","constructor":"c"}'), { toString: "t" }];
  expect(render(items)).toBe(
    "| Proto | Constructor | ToString |\n| --- | --- | --- |\n| p | c | – |\n| – | – | t |\n",
  );
});

test("more columns than a page holds become sections", () => {
  const wide = Object.fromEntries("abcdefg".split("").map((key) => [key, key]));
  expect(render([wide])).toContain("## 1\n\n- **A:** a\n");
});

test("a hundred thousand keys take no time", () => {
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, n]));
  expect(renderJson(many, 2)[0]).toContain("- **K99999:** 99999");
});
