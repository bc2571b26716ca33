import { expect, test } from "vitest";
import { deleteArtifact } from "../../../lib/domain/artifact/save-artifact.ts";
import { completeTask, outputTarget } from "../../../lib/domain/task/complete-task.ts";
import { taskDue } from "../../../lib/domain/task/task.ts";
import {
  aChange,
  aDelivery,
  aHandoff,
  aMoment,
  anArtifact,
  anId,
  anOutput,
  aStepTask,
  aTask,
  atStep,
  aWorkingTask,
  decided,
  now,
} from "../../support/builders.ts";

const complete = (task = aWorkingTask(), delivery = aDelivery()) =>
  decided(aChange({ tasks: [task] }), completeTask(task, delivery, aMoment()));

test("the task is done and its output is there", () => {
  const handoff = aHandoff();
  const after = complete(aWorkingTask({ handoff, progress_percentage: 40 }));
  const [artifact] = Object.values(after.artifacts);
  const task = after.tasks[anId(10)];
  expect(task).toMatchObject({
    status: "completed",
    progress_percentage: 100,
    completed_at: now,
    lease_until: null,
    output: {
      context_id: artifact?.context_id,
      version: 1,
      sha256: "b".repeat(64),
      artifact_type: "agent_output",
      summary: "It is done.",
      confidence: 0.9,
    },
    handoff: { status: "completed", completed_at: now },
  });
  expect(task && taskDue(task)).toBeNull();
  expect(artifact).toMatchObject({ source_agent: "coder", version: 1, sha256: "b".repeat(64) });
});

test("the log says it in order", () => {
  const task = aWorkingTask();
  const project = { agents: { coder: { working: [task.task_id], at: now } } };
  const before = aChange({ project, tasks: [task] });
  const { events } = decided(before, completeTask(task, aDelivery({ bytes: 17 }), aMoment()));
  expect(events.map(({ event_type }) => event_type)).toEqual([
    "artifact_created",
    "task_completed",
    "agent_status_change",
  ]);
  expect(events[0]?.data).toMatchObject({ bytes: 17, source_agent: "coder" });
});

const outputs = { source_code: anId(31) };

test.each([
  { name: "its own first output", task: aTask(), target: undefined },
  { name: "a rerun's own artifact", task: aTask({ output: anOutput() }), target: anId(30) },
  { name: "the kind's one artifact", task: aStepTask("code_refinement"), target: anId(31) },
  { name: "the first of its kind", task: aStepTask("code_testing"), target: undefined },
  {
    name: "a rerun step's own artifact, not the kind's",
    task: aStepTask("code_refinement", { output: anOutput() }),
    target: anId(30),
  },
  {
    name: "a new one, though the workflow has that kind",
    task: aTask({ output_type: "source_code" }),
    target: undefined,
  },
])("the output goes into $name", ({ task, target }) => {
  expect(outputTarget(task, outputs)).toBe(target);
});

test("a step's output becomes the next version of the same artifact", () => {
  const task = aStepTask("code_refinement");
  const artifact = anArtifact({ artifact_type: "source_code", version: 4 });
  const before = aChange({
    project: { ...atStep(task), oversight_level: "low", outputs: { source_code: anId(30) } },
    tasks: [task],
    artifacts: [artifact],
  });
  const after = decided(before, completeTask(task, aDelivery(), aMoment()));
  expect(after.artifacts[anId(30)]).toMatchObject({ version: 5, sha256: "b".repeat(64) });
  expect(after.project.outputs).toEqual({ source_code: anId(30) });
  expect(after.events[0]?.event_type).toBe("artifact_updated");
});

test("a task outside the workflow does not become one of its outputs", () => {
  expect(complete().project.outputs).toEqual({});
});

test("an output that was deleted meanwhile is made anew", () => {
  const task = aWorkingTask({ output: anOutput() });
  const artifact = anArtifact();
  const before = aChange({ tasks: [task], artifacts: [artifact] });
  const after = decided(
    before,
    deleteArtifact(artifact, aMoment()),
    completeTask(task, aDelivery(), aMoment()),
  );
  const { context_id } = after.tasks[anId(10)]?.output ?? {};
  expect(context_id).not.toBe(anId(30));
  expect(after.artifacts[context_id ?? ""]).toMatchObject({ version: 1, deleted: false });
});

test("a summary is kept short", () => {
  const after = complete(aWorkingTask(), aDelivery({ summary: "x".repeat(501) }));
  expect(after.tasks[anId(10)]?.output?.summary).toHaveLength(500);
});

test.each(["pending", "waiting_for_hitl", "completed", "failed", "cancelled"] as const)(
  "a task that is %s cannot be completed",
  (status) => {
    expect(() => complete(aTask({ status }))).toThrow(
      expect.objectContaining({ code: "conflict" }),
    );
  },
);
