import { expect, test } from "vitest";
import type { Change } from "../../../lib/domain/change.ts";
import type { OversightLevel } from "../../../lib/domain/common.ts";
import type { ProjectRecord } from "../../../lib/domain/project/project.ts";
import { completeTask } from "../../../lib/domain/task/complete-task.ts";
import {
  aChange,
  aDelivery,
  aMoment,
  anId,
  aStepTask,
  aTask,
  atStep,
  decided,
} from "../../support/builders.ts";

type Given = {
  key: string;
  level?: OversightLevel;
  confidence?: number;
  tests_passed?: boolean;
  project?: Partial<ProjectRecord>;
};

const finish = ({ key, level = "low", project, ...delivery }: Given) => {
  const task = aStepTask(key);
  const before = aChange({
    project: { oversight_level: level, ...atStep(task), ...project },
    tasks: [task],
  });
  return decided(before, completeTask(task, aDelivery(delivery), aMoment()));
};

const moments = ({ events }: Change) =>
  events.flatMap(({ event_type, data }) =>
    event_type === "workflow_event" ? [`${data.event} ${data.phase}`] : [],
  );
const openNames = ({ tasks }: Change) =>
  Object.values(tasks).flatMap(({ status, name }) => (status === "pending" ? [name] : []));
const pendingOf = ({ requests }: Change) =>
  Object.values(requests).filter(({ status }) => status === "pending");

test.each([
  { key: "project_planning", next: "Requirements Analysis", at: "high medium" },
  { key: "requirements_analysis", next: "Architectural Design", at: "high medium" },
  { key: "architectural_design", next: "Implementation Planning", at: "" },
  { key: "implementation_planning", next: "Code Generation", at: "high" },
  { key: "code_generation", next: "Code Refinement", at: "" },
  { key: "code_refinement", next: "Code Testing", at: "high" },
  { key: "code_testing", next: "Deployment", at: "high medium" },
  { key: "bug_fix", next: "Code Testing", at: "" },
  { key: "deployment", next: "Final Check", at: "" },
])("after $key: gate at [$at], otherwise $next", ({ key, next, at }) => {
  for (const level of ["high", "medium", "low"] as const) {
    const after = finish({ key, level });
    const gated = at.includes(level);
    expect(pendingOf(after).map(({ kind }) => kind)).toEqual(gated ? ["gate"] : []);
    expect(openNames(after)).toEqual(gated ? [] : [next]);
  }
});

test("a gate shows the output, and the agent waits for the answer", () => {
  const after = finish({ key: "project_planning", level: "medium" });
  const [request] = pendingOf(after);
  const task = after.tasks[anId(10)];
  expect(request).toMatchObject({
    task_id: anId(10),
    options: [],
    context_ids: [{ context_id: task?.output?.context_id, version: 1, sha256: "b".repeat(64) }],
    history: [{ action: "created" }],
  });
  expect(request?.question).toContain("Project Planning");
  expect(request?.question).toContain("It is done.");
  expect(task).toMatchObject({ status: "completed", pending_request: request?.request_id });
  expect(after.project.agents.analyst).toMatchObject({ waiting: [anId(10)] });
  expect(after.project).toMatchObject({ step: "project_planning", current_phase: "discovery" });
});

test.each([
  { key: "code_generation", moments: [], phase: "build" },
  {
    key: "code_refinement",
    moments: ["phase_completed build", "phase_started validate"],
    phase: "validate",
  },
  {
    key: "code_testing",
    moments: ["phase_completed validate", "phase_started launch"],
    phase: "launch",
  },
  { key: "bug_fix", moments: [], phase: "validate" },
])("after $key the log says: $moments", ({ key, moments: said, phase }) => {
  const after = finish({ key });
  expect(moments(after)).toEqual(said);
  expect(after.project.current_phase).toBe(phase);
});

test("the next agent gets the work through a handoff, with all that was made so far", () => {
  const { project, tasks, events } = finish({
    key: "code_generation",
    project: { inputs: [anId(50)], outputs: { project_plan: anId(51) } },
  });
  const next = tasks[project.step_task ?? ""];
  const context_ids = [anId(50), anId(51), project.outputs.source_code];
  expect(next).toMatchObject({ step: "code_refinement", context_ids });
  expect(next?.handoff).toMatchObject({
    from_agent: "coder",
    to_agent: "coder",
    phase: "build",
    status: "pending",
    context_ids,
    expected_outputs: ["source_code"],
    metadata: { from_task_id: anId(10), artifact_type: "source_code" },
  });
  expect(events.filter(({ event_type }) => event_type === "handoff_created")).toHaveLength(1);
});

test.each([
  { runs: 0, extra: 0, fix: true },
  { runs: 2, extra: 0, fix: true },
  { runs: 3, extra: 0, fix: false },
  { runs: 5, extra: 3, fix: true },
  { runs: 6, extra: 3, fix: false },
])("failed tests after $runs failed runs, $extra granted: fix $fix", ({ runs, extra, fix }) => {
  const project = { failed_test_runs: runs, extra_fix_rounds: extra };
  const after = finish({ key: "code_testing", level: "high", tests_passed: false, project });
  expect(after.project.failed_test_runs).toBe(runs + 1);
  expect(openNames(after)).toEqual(fix ? ["Bug Fix"] : []);
  expect(pendingOf(after).map(({ kind, options }) => [kind, options])).toEqual(
    fix ? [] : [["tests", ["retry", "skip", "cancel"]]],
  );
});

test("a question about failed tests says what failed", () => {
  const after = finish({
    key: "code_testing",
    tests_passed: false,
    project: { failed_test_runs: 3 },
  });
  expect(pendingOf(after)[0]?.question).toContain("4 runs. It is done.");
});

test("only the tester's word on tests counts", () => {
  expect(openNames(finish({ key: "code_generation", tests_passed: false }))).toEqual([
    "Code Refinement",
  ]);
});

test.each([
  { level: "high", confidence: 0.69, asked: true },
  { level: "medium", confidence: 0.55, asked: true },
  { level: "medium", confidence: 0.56, asked: false },
  { level: "low", confidence: 0, asked: false },
] as const)("confidence $confidence at $level: asked $asked", ({ asked, ...given }) => {
  const after = finish({ key: "code_generation", ...given });
  expect(pendingOf(after)).toHaveLength(asked ? 1 : 0);
});

test("after the last step the project is completed, once", () => {
  const after = finish({ key: "final_check" });
  expect(after.project).toMatchObject({ status: "completed", step: null, follow_up: null });
  expect(moments(after)).toEqual(["phase_completed launch", "project_completed launch"]);
});

test("the last step has its gate at high", () => {
  const after = finish({ key: "final_check", level: "high" });
  expect(after.project.status).toBe("active");
  expect(pendingOf(after)).toHaveLength(1);
});

test.each([{ step_task: anId(99) }, { step: null, step_task: null }])(
  "a task that does not carry the current step moves nothing on: %o",
  (project) => {
    const after = finish({ key: "code_generation", project });
    expect(openNames(after)).toEqual([]);
    expect(after.project).toMatchObject(project);
  },
);

test("completion leaves other open tasks to a follow-up", () => {
  const task = aStepTask("final_check");
  const other = aTask({ task_id: anId(11) });
  const before = aChange({
    project: { oversight_level: "low", ...atStep(task) },
    tasks: [task, other],
  });
  const after = decided(before, completeTask(task, aDelivery(), aMoment()));
  expect(after.project).toMatchObject({ status: "completed", follow_up: { kind: "close_open" } });
});

test("a step that a deployment took away while it ran ends the project, which cannot go on", () => {
  const { project, tasks, events } = finish({
    key: "code_generation",
    project: { workflow: "waterfall" },
  });
  expect(project.status).toBe("failed");
  expect(tasks[anId(10)]?.status).toBe("completed");
  expect(events).toContainEqual(
    expect.objectContaining({
      event_type: "error",
      data: expect.objectContaining({ code: "unknown_step" }),
    }),
  );
});
