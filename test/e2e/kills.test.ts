import { expect, test } from "vitest";
import { killStack } from "../support/kills/kill-stack.ts";

// CI kills it three times, the night ten times: npm run test:faults -- --kills 10
test("all projects finish, whenever the stack was killed", async () => {
  const problems = await killStack({ kills: 1, projects: 4, seed: 1, log: () => undefined });
  expect(problems).toEqual([]);
});
