import { expect, test } from "vitest";
import { createProject } from "../../../lib/domain/project/create-project.ts";
import { noWorkflow } from "../../../lib/domain/workflow/workflow.ts";
import { aMoment, anId, expectSound, now, workflowNamed } from "../../support/builders.ts";

const input = { name: "Cookbook", description: null, oversight_level: "high" } as const;
const create = (workflow: "sdlc" | "none") =>
  expectSound(
    createProject(
      { tenant: "acme", input, kept: { workflow: workflowNamed(workflow), digest: workflow } },
      aMoment(),
    ),
  );

test("with sdlc the analyst's first task is there and due", () => {
  const { tenant, project, tasks, changedIds } = create("sdlc");
  const [task] = Object.values(tasks);
  expect(tenant).toBe("acme");
  expect(project).toMatchObject({
    ...input,
    status: "active",
    current_phase: "discovery",
    head: 0,
    created_at: now,
    completed_at: null,
    step: "project_planning",
    step_task: task?.task_id,
    counts: { tasks: 1, open: 1, completed: 0 },
  });
  expect(task).toMatchObject({
    name: "Project Planning",
    agent_type: "analyst",
    phase: "discovery",
    status: "pending",
    priority: 3,
    attempt: 0,
    max_attempts: 3,
    handoff: null,
    output_type: "project_plan",
  });
  expect([...changedIds]).toEqual([task?.task_id]);
});

test("with sdlc the log says how it began", () => {
  const { events, project } = create("sdlc");
  expect(events.map(({ event_type, data }) => [event_type, data])).toEqual([
    ["project_created", { name: "Cookbook", workflow: "sdlc", oversight_level: "high" }],
    ["workflow_event", { event: "phase_started", phase: "discovery", reason: null }],
    [
      "task_created",
      { name: "Project Planning", agent_type: "analyst", phase: "discovery", priority: 3 },
    ],
  ]);
  expect(events.map(({ task_id }) => task_id)).toEqual([null, null, project.step_task]);
});

test("without a workflow there is only the project", () => {
  const { project, tasks, events } = create("none");
  expect(project).toMatchObject({ status: "active", step: null, step_task: null });
  expect(tasks).toEqual({});
  expect(events.map(({ event_type }) => event_type)).toEqual(["project_created"]);
});

test("ids come from the moment", () => {
  const newId = () => anId(77);
  expect(
    createProject(
      { tenant: "acme", input, kept: { workflow: noWorkflow, digest: null } },
      aMoment({ newId }),
    ).project.id,
  ).toBe(anId(77));
});
