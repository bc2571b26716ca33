import { expect, test } from "vitest";
import { crowd } from "../support/crowd.ts";
import { runBurst } from "./sets/burst.ts";

test("a burst of tasks over many projects is worked off, and nothing is lost", async () => {
  const { problems, calls_per_task } = await runBurst({ projects: crowd, tasks: 3 * crowd });
  expect(problems).toEqual([]);
  expect(calls_per_task).toBeLessThan(35);
});

test("many tasks at once in one project get through: contention costs, but within bounds", async () => {
  const { problems, calls_per_task } = await runBurst({ projects: 1, tasks: crowd });
  expect(problems).toEqual([]);
  expect(calls_per_task).toBeLessThan(70);
});
