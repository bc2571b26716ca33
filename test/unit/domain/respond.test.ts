import { expect, test } from "vitest";
import type { Change } from "../../../lib/domain/change.ts";
import type { ProjectRecord } from "../../../lib/domain/project/project.ts";
import type { HitlAction, RequestKind } from "../../../lib/domain/request/request.ts";
import { type Response, respond, shownRequest } from "../../../lib/domain/request/respond.ts";
import type { TaskRecord } from "../../../lib/domain/task/task.ts";
import {
  aChange,
  aMoment,
  anArtifact,
  anId,
  anOutput,
  aRequest,
  aStepTask,
  aTask,
  atStep,
  decided,
  now,
} from "../../support/builders.ts";

const output = anOutput();
const pending_request = anId(20);
const nearly = { kind: "nearly", scope: "task", owner: anId(10), amount: 5_000_000 } as const;

/** What each kind of request is about: a task of the workflow in the state that it asks from. */
const asking: Record<RequestKind, TaskRecord> = {
  gate: aStepTask("code_refinement", { status: "completed", output, pending_request }),
  question: aStepTask("code_refinement", { status: "waiting_for_hitl", pending_request }),
  failure: aStepTask("code_refinement", { status: "failed", attempt: 3, pending_request }),
  tests: aStepTask("code_testing", { status: "completed", output, pending_request }),
  budget: aStepTask("code_refinement", { status: "waiting_for_hitl", pending_request }),
};

const before = (kind: RequestKind, project: Partial<ProjectRecord> = {}, task = asking[kind]) =>
  aChange({
    project: {
      ...atStep(task),
      agents: { [task.agent_type]: { waiting: [task.task_id], at: now } },
      ...project,
    },
    tasks: [task],
    requests: [aRequest({ kind, about: kind === "budget" ? nearly : null })],
    artifacts: [anArtifact()],
  });

const wrote = (value: string | null) =>
  value === null ? null : { value, sha256: "c".repeat(64), bytes: 9 };

const answer = (
  change: Change,
  action: HitlAction,
  content: string | null = null,
  comment: string | null = null,
) => {
  const [request, task] = [change.requests[anId(20)], change.tasks[anId(10)]];
  if (!request || !task) throw new Error("Nothing to answer");
  const response: Response = { action, comment, content: wrote(content) };
  return decided(change, respond(request, task, response, aMoment()));
};

/** The asking task's status, the names of tasks that are new, the project's status. */
const outcome = ({ tasks, project }: Change) => ({
  task: tasks[anId(10)]?.status,
  next: Object.values(tasks).flatMap(({ task_id, name }) => (task_id === anId(10) ? [] : [name])),
  project: project.status,
});

test.each([
  { kind: "gate", action: "approve", content: null, task: "completed", next: ["Code Testing"] },
  { kind: "gate", action: "amend", content: "Use tabs", task: "pending", next: [] },
  { kind: "gate", action: "reject", content: null, task: "completed", next: [], halts: true },
  { kind: "question", action: "approve", content: null, task: "pending", next: [] },
  { kind: "question", action: "amend", content: "SQLite", task: "pending", next: [] },
  { kind: "question", action: "reject", content: null, task: "failed", next: [], halts: true },
  { kind: "failure", action: "approve", content: null, task: "pending", next: [] },
  { kind: "failure", action: "amend", content: "retry", task: "pending", next: [] },
  { kind: "failure", action: "amend", content: " Skip ", task: "failed", next: ["Code Testing"] },
  { kind: "failure", action: "amend", content: "cancel", task: "failed", next: [], ends: true },
  { kind: "failure", action: "reject", content: null, task: "failed", next: [], halts: true },
  { kind: "tests", action: "approve", content: null, task: "completed", next: ["Bug Fix"] },
  { kind: "tests", action: "amend", content: "retry", task: "completed", next: ["Bug Fix"] },
  { kind: "tests", action: "amend", content: "skip", task: "completed", next: ["Deployment"] },
  { kind: "tests", action: "amend", content: "cancel", task: "completed", next: [], ends: true },
  { kind: "tests", action: "reject", content: null, task: "completed", next: [], halts: true },
  { kind: "budget", action: "approve", content: null, task: "pending", next: [] },
  { kind: "budget", action: "amend", content: "10", task: "pending", next: [] },
  { kind: "budget", action: "reject", content: null, task: "failed", next: [], halts: true },
] as const)("$kind, $action $content: task $task, next $next", (row) => {
  const { kind, action, content, task, next } = row;
  const after = answer(before(kind), action, content);
  const project = "halts" in row ? "halted" : "ends" in row ? "cancelled" : "active";
  expect(outcome(after)).toEqual({ task, next, project });
  expect(after.project.rejected).toEqual("halts" in row ? [anId(10)] : []);
  expect(after.tasks[anId(10)]?.pending_request).toBeNull();
  expect(after.project.agents[asking[kind].agent_type]?.waiting).toBeUndefined();
});

test.each([
  { action: "approve", status: "approved", content: null },
  { action: "amend", status: "amended", content: "Use tabs" },
  { action: "reject", status: "rejected", content: null },
] as const)("the request remembers who said $action, and the log too", (row) => {
  const { action, status, content } = row;
  const after = answer(before("gate"), action, content, "Well…");
  expect(after.requests[anId(20)]).toMatchObject({
    status,
    user_response: action,
    response_comment: "Well…",
    amended_content: content,
    responded_by: "ann",
    responded_at: now,
    history: [{ action: "created" }, { timestamp: now, action, user_id: "ann", comment: "Well…" }],
  });
  expect(after.events.find(({ event_type }) => event_type === "hitl_response")?.data).toMatchObject(
    { request_id: anId(20), action, status, responded_by: "ann", comment: "Well…" },
  );
});

test.each(["gate", "question"] as const)(
  "an amended %s becomes context of the same task",
  (kind) => {
    const after = answer(before(kind), "amend", "Use tabs", "Please");
    const feedback = Object.values(after.artifacts).find(
      ({ artifact_type }) => artifact_type === "hitl_response",
    );
    const content_id = feedback?.context_id ?? null;
    expect(feedback).toMatchObject({ source_agent: "user", version: 1, sha256: "c".repeat(64) });
    expect(after.tasks[anId(10)]).toMatchObject({
      context_ids: [content_id],
      answers: [{ question: "Which database?", action: "amend", content_id, comment: "Please" }],
      output: asking[kind].output,
    });
    expect(after.artifacts[anId(30)]).toEqual(anArtifact());
  },
);

test("an option is a choice and no feedback: it makes no artifact", () => {
  const after = answer(before("failure"), "amend", "skip");
  expect(Object.keys(after.artifacts)).toEqual([anId(30)]);
  expect(after.requests[anId(20)]?.amended_content).toBe("skip");
});

test("an approved question is known to the task that goes on", () => {
  expect(answer(before("question"), "approve").tasks[anId(10)]?.answers).toEqual([
    { question: "Which database?", action: "approve", content_id: null, comment: null },
  ]);
});

test("an answer grants a fresh set of attempts, and the attempt number keeps growing", () => {
  const task = answer(before("failure"), "approve").tasks[anId(10)];
  expect(task).toMatchObject({ attempt: 3, max_attempts: 6, error: null, completed_at: null });
});

test.each([
  { failed_test_runs: 4, extra_fix_rounds: 3 },
  { failed_test_runs: 7, extra_fix_rounds: 6 },
])("approving failed tests grants three more rounds: %o", ({ failed_test_runs, ...granted }) => {
  const after = answer(before("tests", { failed_test_runs }), "approve");
  expect(after.project).toMatchObject({ failed_test_runs, ...granted });
});

test.each(["failure", "tests"] as const)("a wrong word for a %s is refused", (kind) => {
  for (const word of ["", "again", "retry please"]) {
    expect(() => answer(before(kind), "amend", word)).toThrow(
      expect.objectContaining({
        code: "invalid-request",
        extensions: { errors: [expect.objectContaining({ pointer: "#/body/content" })] },
      }),
    );
  }
});

test("cancelling a failed task outside the workflow leaves the project alone", () => {
  const task = aTask({ status: "failed", attempt: 3, pending_request });
  const after = answer(before("failure", { step_task: null }, task), "amend", "cancel");
  expect(outcome(after)).toEqual({ task: "cancelled", next: [], project: "active" });
});

test("skipping a failed task outside the workflow starts nothing", () => {
  const task = aTask({ status: "failed", attempt: 3, pending_request });
  const after = answer(before("failure", { step_task: anId(99) }, task), "amend", "skip");
  expect(outcome(after)).toEqual({ task: "failed", next: [], project: "active" });
});

test.each(["paused", "halted"] as const)(
  "a %s project takes answers, and keeps its status",
  (status) => {
    expect(outcome(answer(before("gate", { status }), "approve"))).toEqual({
      task: "completed",
      next: ["Code Testing"],
      project: status,
    });
  },
);

test("the task remembers why its step was rejected, for its next run", () => {
  const comment = "Leave out printing";
  const after = answer(before("gate"), "reject", null, comment);
  expect(after.tasks[anId(10)]?.answers).toMatchObject([{ action: "amend", comment }]);
  expect(answer(before("gate"), "reject").tasks[anId(10)]?.answers).toEqual([]);
});

test.each(["paused", "halted"] as const)("a rejection halts a %s project", (status) => {
  const after = answer(before("gate", { status }), "reject");
  expect(after.project).toMatchObject({ status: "halted", rejected: [anId(10)] });
});

test("an amendment is shown in the history", () => {
  const after = answer(before("gate"), "amend", "Use tabs");
  const [created, amended] = shownRequest(after.requests[anId(20)] ?? aRequest()).history;
  expect([created?.content, amended?.content]).toEqual([null, "Use tabs"]);
});

test.each([
  { kind: "gate", action: "approve", content: null },
  { kind: "failure", action: "amend", content: "skip" },
  { kind: "tests", action: "approve", content: null },
] as const)(
  "a $kind whose workflow is gone by the time of its answer ends the project, and says why",
  ({ kind, action, content }) => {
    const after = answer(before(kind, { workflow: "waterfall" }), action, content);
    expect(after.project.status).toBe("failed");
    expect(after.events).toContainEqual(
      expect.objectContaining({
        event_type: "error",
        data: expect.objectContaining({ code: "unknown_step" }),
      }),
    );
  },
);
