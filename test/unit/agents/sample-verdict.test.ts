import { expect, test } from "vitest";
import { withVerdict } from "../../../lib/agents/offline/sample-verdict.ts";
import { testsPassed } from "../../../lib/agents/test-verdict.ts";

test.each([
  { failed: 0, failures: ["One"], notes: "Fine" },
  { failed: true },
  { failed: ["One"] },
  { failures: 3, cases: [] },
  { cases: [{ name: "One", status: "open" }, "Two"] },
  { status: "passed", cases: [] },
])("sample results say what they have to: %j", (content) => {
  expect(testsPassed(withVerdict(content, false))).toBe(true);
  expect(testsPassed(withVerdict(content, true))).toBe(false);
  for (const fails of [false, true])
    expect(Object.keys(withVerdict(content, fails))).toEqual(Object.keys(content));
});

test("nothing that was not run has passed", () => {
  const content = { status: "passed", cases: [{ name: "One", status: "passed" }] };
  expect(withVerdict(content, false)).toEqual({
    status: "not_run",
    cases: [{ name: "One", status: "not_run" }],
  });
});

test("what tells no verdict stays as it is", () => {
  expect(withVerdict({ notes: "Fine" }, true)).toEqual({ notes: "Fine" });
});
