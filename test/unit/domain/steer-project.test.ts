import { expect, test } from "vitest";
import { statusOf } from "../../../lib/domain/project/agent.ts";
import { closeProject } from "../../../lib/domain/project/close-project.ts";
import {
  cancelOpen,
  pauseProject,
  resumeProject,
  resumeWork,
  updateProject,
} from "../../../lib/domain/project/steer-project.ts";
import type { TaskStatus } from "../../../lib/domain/task/task.ts";
import {
  aChange,
  aMoment,
  anId,
  aRequest,
  aStepTask,
  aTask,
  atStep,
  decided,
  now,
} from "../../support/builders.ts";

test.each([
  { fields: { name: "Cooking" }, changed: ["name"] },
  { fields: { name: "Cookbook", description: "Recipes" }, changed: ["description"] },
  { fields: { name: "Cooking", oversight_level: "high" }, changed: ["name", "oversight_level"] },
] as const)("an update with $fields says what changed: $changed", ({ fields, changed }) => {
  const { project, events } = decided(aChange(), updateProject(fields));
  expect(project).toMatchObject(fields);
  expect(events).toMatchObject([{ event_type: "project_updated", data: { changed } }]);
});

test("an update that changes nothing leaves nothing to write", () => {
  const before = aChange();
  expect(updateProject({ name: "Cookbook", oversight_level: "medium" })(before)).toBe(before);
});

test.each([
  {
    name: "pause",
    edit: pauseProject,
    from: "active",
    to: "paused",
    event: "project_paused",
    follow_up: null,
  },
  {
    name: "resume",
    edit: resumeProject(aMoment()),
    from: "paused",
    to: "active",
    event: "project_resumed",
    follow_up: { kind: "start_pending", at: now, correlation_id: "call-1" },
  },
  {
    name: "resume",
    edit: resumeProject(aMoment()),
    from: "halted",
    to: "active",
    event: "project_resumed",
    follow_up: { kind: "start_pending", at: now, correlation_id: "call-1" },
  },
] as const)("$name: $from → $to", ({ edit, from, to, event, follow_up }) => {
  const { project, events } = decided(aChange({ project: { status: from } }), edit);
  expect(project).toMatchObject({ status: to, follow_up });
  expect(events).toMatchObject([{ data: { event, phase: "discovery", reason: null } }]);
});

test("without a workflow events name no phase", () => {
  const { events } = decided(aChange({ project: { workflow: "none" } }), pauseProject);
  expect(events[0]?.data).toMatchObject({ phase: null });
});

test.each([
  { how: "complete", status: "completed", event: "project_completed" },
  { how: "cancel", status: "cancelled", event: "project_cancelled" },
  { how: "fail", status: "failed", event: "project_failed" },
] as const)("closing by $how: the project is $status", ({ how, status, event }) => {
  for (const from of ["active", "paused", "halted"] as const) {
    const before = aChange({
      project: { status: from, rejected: [anId(5)], unanswered: [anId(6)] },
    });
    const { project, events } = decided(before, closeProject(how, "Enough.", aMoment()));
    expect(project).toMatchObject({ status, completed_at: now, rejected: [], unanswered: [] });
    expect(events).toMatchObject([{ data: { event, reason: "Enough." } }]);
  }
});

test.each([
  {
    name: "nothing is open",
    tasks: [aTask({ status: "completed" })],
    requests: [],
    kind: undefined,
  },
  { name: "a task is open", tasks: [aTask()], requests: [], kind: "close_open" },
  {
    name: "only a request is open",
    tasks: [aTask({ status: "completed" })],
    requests: [aRequest({ kind: "gate" })],
    kind: "close_open",
  },
] as const)("when $name, closing leaves the follow-up $kind", ({ tasks, requests, kind }) => {
  const after = decided(aChange({ tasks, requests }), closeProject("cancel", null, aMoment()));
  expect(after.project.follow_up?.kind).toBe(kind);
});

test.each([
  { status: "completed", becomes: "pending" },
  { status: "failed", becomes: "pending" },
  { status: "waiting_for_hitl", becomes: "pending" },
  { status: "pending", becomes: "pending" },
  { status: "working", becomes: "working" },
] as { status: TaskStatus; becomes: TaskStatus }[])(
  "a resume makes a rejected task that is $status $becomes",
  ({ status, becomes }) => {
    const before = aChange({ project: { rejected: [anId(10)] }, tasks: [aTask({ status })] });
    const after = decided(before, resumeWork([anId(10)], [], aMoment()));
    expect(after.tasks[anId(10)]?.status).toBe(becomes);
    expect(after.project.rejected).toEqual([]);
  },
);

const open = ["pending", "working", "waiting_for_hitl"];

test("after the end all that is open is cancelled, and nothing else", () => {
  const statuses = [
    "pending",
    "working",
    "waiting_for_hitl",
    "completed",
    "failed",
    "cancelled",
  ] as const;
  const tasks = statuses.map((status, index) => aTask({ task_id: anId(10 + index), status }));
  const before = aChange({
    project: { status: "cancelled" },
    tasks,
    requests: [
      aRequest({ task_id: anId(13), kind: "gate" }),
      aRequest({ request_id: anId(21), status: "approved" }),
    ],
  });
  const ids = { tasks: Object.keys(before.tasks), requests: Object.keys(before.requests) };
  const after = decided(before, cancelOpen(ids, aMoment()));
  expect(Object.values(after.tasks).map(({ status }) => status)).toEqual(
    statuses.map((status) => (open.includes(status) ? "cancelled" : status)),
  );
  expect(after.requests[anId(20)]?.status).toBe("cancelled");
  expect(after.requests[anId(21)]?.status).toBe("approved");
  expect(after.project.counts).toMatchObject({ open: 0, pending_requests: 0 });
});

test("after the end no agent waits for an answer that cannot come", () => {
  const task = aStepTask("code_refinement", { status: "completed", pending_request: anId(20) });
  const before = aChange({
    project: {
      ...atStep(task),
      status: "cancelled",
      agents: { coder: { waiting: [task.task_id], at: now } },
    },
    tasks: [task],
    requests: [aRequest({ kind: "gate" })],
  });
  const after = decided(before, cancelOpen({ tasks: [], requests: [anId(20)] }, aMoment()));
  expect(statusOf(anId(1), "coder", after.project.agents.coder)).toMatchObject({
    status: "idle",
    current_task_id: null,
  });
});
