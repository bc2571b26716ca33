import { expect, test } from "vitest";
import { runBurst } from "./sets/burst.ts";

test("a burst of tasks over fifty projects is worked off, and nothing is lost", async () => {
  const { problems, calls_per_task } = await runBurst({ projects: 50, tasks: 150 });
  expect(problems).toEqual([]);
  expect(calls_per_task).toBeLessThan(35);
});

test("fifty tasks at once in one project get through: contention costs, but within bounds", async () => {
  const { problems, calls_per_task } = await runBurst({ projects: 1, tasks: 50 });
  expect(problems).toEqual([]);
  expect(calls_per_task).toBeLessThan(70);
});
