import { expect, test } from "vitest";
import { checkGuard } from "./sets/check-guard.ts";
import { guards } from "./sets/guards.ts";
import { loadSwitchable } from "./sets/without-guards.ts";

const casesOf = await loadSwitchable();

test.each(guards)(
  "without the guard “$name” the set goes red",
  { timeout: 60_000 },
  async (guard) => {
    const { red } = await checkGuard(casesOf, guard, { most: 300, untilRed: true });
    expect(red).toBe(1);
  },
);

test("with all guards on, the same runs are green", { timeout: 60_000 }, async () => {
  for (const { set, fault } of guards) {
    const [first] = await casesOf(set, fault);
    expect((await first?.run())?.problems).toEqual([]);
  }
});
