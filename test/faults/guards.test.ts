import { expect, test } from "vitest";
import { checkGuard } from "./sets/check-guard.ts";
import { guards } from "./sets/guards.ts";
import { loadSwitchable } from "./sets/without-guards.ts";

const casesOf = await loadSwitchable();

test.each(guards)("without the guard “$name” the set goes red", async (guard) => {
  const { red } = await checkGuard(casesOf, guard, { width: "night", most: 300, untilRed: true });
  expect(red).toBe(1);
});

test("with all guards on, the same runs are green", async () => {
  for (const { set, fault } of guards) {
    const [first] = await casesOf(set, { width: "test", fault });
    expect((await first?.run())?.problems).toEqual([]);
  }
});
