import { expect, test } from "vitest";
import { checkGuard, runsFor } from "./sets/check-guard.ts";
import { guards } from "./sets/guards.ts";
import { loadSwitchable } from "./sets/without-guards.ts";

const casesOf = await loadSwitchable();
const range = { width: "night", most: 300 } as const;

test.each(guards)("without the guard “$name” the set goes red", async (guard) => {
  const { red } = await checkGuard(casesOf, guard, { ...range, untilRed: true });
  expect(red).toBe(1);
});

test("with all guards on, the same runs are green", async () => {
  const firstRuns = await Promise.all(guards.map((guard) => runsFor(casesOf, guard, range)));
  const runs = new Map(firstRuns.flatMap(([first]) => (first ? [[first.again, first]] : [])));
  for (const { again, run } of runs.values()) expect((await run()).problems, again).toEqual([]);
});
