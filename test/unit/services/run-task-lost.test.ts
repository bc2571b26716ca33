import { expect, test } from "vitest";
import type { AgentContext, AgentRequest } from "../../../lib/agents/context.ts";
import { apply, type Change } from "../../../lib/domain/change.ts";
import { closeProject } from "../../../lib/domain/project/close-project.ts";
import { pauseProject } from "../../../lib/domain/project/steer-project.ts";
import { cancelTask } from "../../../lib/domain/task/cancel-task.ts";
import { aMoment, anId, aStepTask, aTask, atStep } from "../../support/builders.ts";
import type { aStoredProject } from "./stored-project.ts";
import { handle, output } from "./worker.ts";

const meanwhile =
  (edit: (change: Change) => Change) =>
  async (
    _request: AgentRequest,
    _tools: AgentContext,
    stored: ReturnType<typeof aStoredProject>,
  ) => {
    stored.meanwhile(edit);
    return output;
  };
const cancelIt = (change: Change) =>
  cancelTask(change.tasks[anId(10)] ?? aTask(), "Enough.", aMoment())(change);

test("a worker that lost its lease writes nothing", async () => {
  const { outcome, task, stored } = await handle(meanwhile(cancelIt));
  expect(outcome).toBe("lost");
  expect(task?.status).toBe("cancelled");
  expect(stored.log.map(({ event_type }) => event_type)).not.toContain("task_completed");
});

test("an attempt that learns it by its progress is lost, and its renewals end", async () => {
  const { outcome, beating } = await handle(async (_request, tools, stored) => {
    stored.meanwhile(cancelIt);
    await tools.progress(10, "Typing");
    return output;
  });
  expect(outcome).toBe("lost");
  expect(beating).toBe(0);
});

test("what runs when the project is paused may finish, and is kept", async () => {
  const { outcome, task, stored } = await handle(
    meanwhile((change) => apply(change, pauseProject)),
  );
  expect(outcome).toBe("completed");
  expect(task?.status).toBe("completed");
  expect(stored.state().project.status).toBe("paused");
});

test.each([
  { key: "code_generation", how: "cancel", status: "cancelled" },
  { key: "code_generation", how: "complete", status: "completed" },
  { key: "final_check", how: "cancel", status: "cancelled" },
] as const)("what ends after the project is $status starts nothing more ($key)", async (row) => {
  const { key, how, status } = row;
  const task = aStepTask(key, { status: "pending", attempt: 0, lease_until: null });
  const close = meanwhile((change) => closeProject(how, null, aMoment())(change));
  const { stored } = await handle(close, {
    task,
    project: { ...atStep(task), oversight_level: "low" },
  });
  expect(stored.state().project.status).toBe(status);
  expect(Object.keys(stored.state().tasks)).toEqual([anId(10)]);
  expect(stored.log.map(({ event_type }) => event_type)).not.toContain("workflow_event");
});
