import { expect, test } from "vitest";
import { killStack } from "../support/kills/kill-stack.ts";

// Ten kills: npm run test:faults -- --kills 10
test("all projects finish, whenever the stack was killed", async () => {
  const problems = await killStack({ kills: 2, projects: 4, seed: 1, log: () => undefined });
  expect(problems).toEqual([]);
});
