import { expect, test } from "vitest";
import type { AgentContext } from "../../../lib/agents/context.ts";
import { LeaseLost } from "../../../lib/services/worker/hold-lease.ts";
import { aTask } from "../../support/builders.ts";
import { cancelled } from "./leased-task.ts";
import { handle, output } from "./worker.ts";

const before = "e".repeat(64);
const task = aTask({ transcript: before });

const failsAfter = (checkpoint: unknown) => async (_: unknown, tools: AgentContext) => {
  await tools.checkpoint(checkpoint as Parameters<AgentContext["checkpoint"]>[0]);
  throw new Error("Boom");
};

test("after a checkpoint the next attempt goes on from there", async () => {
  const { outcome, task: after, kept } = await handle(failsAfter("so far"), { task });
  expect(outcome).toBe("failed");
  expect(kept).toEqual([{ rulings: [], transcript: "so far" }]);
  expect(after).toMatchObject({ status: "pending", transcript: "d".repeat(64) });
});

test("without one it goes on from where this attempt began", async () => {
  const fails = async () => {
    throw new Error("Boom");
  };
  const { task: after } = await handle(fails, { task });
  expect(after).toMatchObject({ status: "pending", transcript: before });
});

test.each([
  { name: "too large", checkpoint: "x".repeat(256 * 1_024), keeping: 0 },
  { name: "not to be kept for now", checkpoint: "so far", keeping: 99 },
])("a checkpoint that is $name costs no attempt", async ({ checkpoint, keeping }) => {
  const { task: after } = await handle(failsAfter(checkpoint), { task, keeping });
  expect(after).toMatchObject({
    status: "pending",
    transcript: before,
    error: { message: "Error: Boom" },
  });
});

test("an attempt that lost its lease leaves no checkpoint", async () => {
  let thrown: unknown;
  const { outcome, task: after } = await handle(async (_, tools, stored) => {
    stored.meanwhile(cancelled);
    thrown = await tools.checkpoint("so far").catch((error: unknown) => error);
    return output;
  });
  expect(outcome).toBe("lost");
  expect(thrown).toBeInstanceOf(LeaseLost);
  expect(after).toMatchObject({ status: "cancelled", transcript: null });
});
