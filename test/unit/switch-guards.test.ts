import { afterEach, describe, expect, test } from "vitest";
import type { Guard } from "../faults/sets/guards/guard.ts";
import { openSwitches } from "../faults/sets/switch-guards.ts";

const guard = (name: string, places: Guard["places"]): Guard => ({ name, set: "full", places });

afterEach(() => {
  globalThis.guardOff = undefined;
});

describe("the marked expression", () => {
  test.each([
    { source: "f(/* guard: g */ a || b);", ends: "a || b" },
    { source: "f(/* guard: g */ a(1, [2, 3]), c);", ends: "a(1, [2, 3])" },
    { source: "x = /* guard: g */ { a: 1, b: { c: 2 } };", ends: "{ a: 1, b: { c: 2 } }" },
    { source: "({ key: /* guard: g */ value })", ends: "value " },
    { source: 'f(/* guard: g */ ") ; " + `,`, 1)', ends: '") ; " + `,`' },
    { source: "f(\n  /* guard: g */\n  a &&\n    b,\n)", ends: "a &&\n    b" },
    { source: "/* guard: g */ await work({ a });", ends: "await work({ a })" },
  ])("ends where it ends: $source", ({ source, ends }) => {
    const text = openSwitches([guard("g", { g: "0" })]).rewrite(source);
    expect(text).toContain(` : (${ends}))`);
  });

  test("without an end is refused", () => {
    const { rewrite } = openSwitches([guard("g", { g: "0" })]);
    expect(() => rewrite("/* guard: g */ a && b")).toThrow("Found no end");
  });
});

test("a place goes off with each of its guards, and with no other", () => {
  globalThis.withoutGuard = (off) => off();
  const guards = [guard("one", { here: "1" }), guard("two", { here: "1", there: "2" })];
  const text = openSwitches(guards).rewrite("[/* guard: here */ 0, /* guard: there */ 0]");
  const values = (off: string | undefined) => {
    globalThis.guardOff = off;
    return new Function(`return ${text}`)();
  };
  expect([undefined, "one", "two"].map(values)).toEqual([
    [0, 0],
    [1, 0],
    [1, 2],
  ]);
});

test("places that nobody knows, that stand twice, or that are missing are found", () => {
  const switches = openSwitches([guard("g", { here: "1", there: "2" })]);
  expect(() => switches.rewrite("f(/* guard: elsewhere */ 0)")).toThrow("No guard");
  switches.rewrite("f(/* guard: here */ 0)");
  expect(() => switches.rewrite("f(/* guard: here */ 0)")).toThrow("marked twice");
  expect(switches.missing()).toEqual(["there"]);
});
