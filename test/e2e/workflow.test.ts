import { expect, test } from "vitest";
import {
  approve,
  approveUntil,
  artifactsOf,
  createProject,
  eventsOf,
  instant,
  ok,
  pendingRequest,
  statusOf,
} from "./client.ts";
import type { Artifact, Project, ProjectEvent, Status, Task } from "./model.ts";

const phases = ["discovery", "plan", "design", "build", "validate", "launch"];
const steps = [
  ["discovery", "Project Planning", "analyst"],
  ["plan", "Requirements Analysis", "analyst"],
  ["design", "Architectural Design", "architect"],
  ["design", "Implementation Planning", "architect"],
  ["build", "Code Generation", "coder"],
  ["build", "Code Refinement", "coder"],
  ["validate", "Code Testing", "tester"],
  ["launch", "Deployment", "deployer"],
  ["launch", "Final Check", "deployer"],
];
const outputs = {
  project_plan: 1,
  software_specification: 1,
  system_architecture: 1,
  implementation_plan: 1,
  source_code: 2,
  test_results: 1,
  deployment_log: 1,
  agent_output: 1,
};

const ofType = (events: ProjectEvent[], type: string) =>
  events.filter(({ event_type }) => event_type === type);
const phasesWith = (events: ProjectEvent[], what: string) =>
  ofType(events, "workflow_event")
    .filter(({ data }) => data.event === what)
    .map(({ data }) => data.phase);
const byAge = (tasks: Task[]) =>
  [...tasks].sort((a, b) => (a.created_at + a.task_id < b.created_at + b.task_id ? -1 : 1));

const run = async (oversight_level: string) => {
  const name = `Tea shop ${oversight_level}`;
  const { id } = await createProject({ name, workflow: "sdlc", oversight_level });
  const status = await approveUntil(id, "completed", "failed", "halted");
  return { id, status, events: await eventsOf(id) };
};

const expectTasks = ({ tasks, progress_percentage }: Status) => {
  const done = byAge(tasks);
  expect(done.map(({ phase, name, agent_type }) => [phase, name, agent_type])).toEqual(steps);
  expect(progress_percentage).toBe(100);
  for (const task of done)
    expect(task).toMatchObject({ status: "completed", attempt: 1, error: null });
  for (const [index, { agent_type, handoff }] of done.entries()) {
    const before = done[index - 1]?.agent_type;
    if (!before || before === agent_type) continue;
    expect(handoff, `${before} to ${agent_type}`).toMatchObject({
      from_agent: before,
      to_agent: agent_type,
      status: expect.stringMatching(/^(accepted|completed)$/),
    });
    expect(handoff?.instructions.length).toBeGreaterThanOrEqual(10);
    expect(handoff?.instructions.length).toBeLessThanOrEqual(5_000);
    expect(handoff?.context_ids.length).toBeGreaterThan(0);
  }
};

const expectLog = (events: ProjectEvent[], gates: number) => {
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(events.length);
  expect(phasesWith(events, "phase_started")).toEqual(phases);
  expect(phasesWith(events, "phase_completed")).toEqual(phases);
  expect(phasesWith(events, "project_completed")).toHaveLength(1);
  for (const type of ["task_created", "task_started", "task_completed"])
    expect(ofType(events, type), type).toHaveLength(9);
  for (const type of ["hitl_request_created", "hitl_response"])
    expect(ofType(events, type), type).toHaveLength(gates);
  expect(ofType(events, "task_failed")).toEqual([]);
  expect(ofType(events, "handoff_created").length).toBeGreaterThanOrEqual(4);
};

const expectArtifacts = async (id: string, name: string) => {
  const made = (await artifactsOf(id)).filter(({ source_agent }) => source_agent !== "user");
  const versions = made.map(({ artifact_type, version }) => [artifact_type, version] as const);
  expect(versions).toHaveLength(8);
  expect(Object.fromEntries(versions)).toEqual(outputs);
  const contents = await Promise.all(
    made.map(({ context_id }) => ok<Artifact>(`GET /context/artifacts/${context_id}`)),
  );
  for (const { artifact_type, content } of contents)
    expect(JSON.stringify(content).length, artifact_type).toBeGreaterThan(100);
  const plan = contents.find(({ artifact_type }) => artifact_type === "project_plan");
  expect(JSON.stringify(plan?.content)).toContain(name);
};

test.each([
  ["low", 0],
  ["medium", 3],
  ["high", 6],
])(
  "a clean run at %s has nine tasks, %i gates, and one artifact per kind",
  async (oversight, gates) => {
    const { id, status, events } = await run(oversight);
    expectTasks(status);
    expectLog(events, gates);
    expect(status).toMatchObject({ current_phase: "launch", head: events.length });
    expect(status.agents.length).toBeGreaterThan(5);
    expect(status.agents.filter(({ status }) => status !== "idle")).toEqual([]);
    const project = await ok<Project>(`GET /projects/${id}`);
    expect(project).toMatchObject({
      status: "completed",
      head: events.length,
      completed_at: expect.stringMatching(instant),
    });
    expect(await ok(`GET /projects/${id}/completion`)).toMatchObject({
      is_complete: true,
      completion_percentage: 100,
      total_tasks: 9,
      completed_tasks: 9,
    });
    await expectArtifacts(id, project.name);
  },
);

test("what must be deployed waits for a person at medium", async () => {
  const { id } = await createProject({ workflow: "sdlc", oversight_level: "medium" });
  const gatesAt: string[] = [];
  while (gatesAt.length < 3) {
    const { request_id } = await pendingRequest(id);
    const { current_phase, tasks } = await statusOf(id);
    gatesAt.push(current_phase);
    expect(tasks.some(({ name }) => name === "Deployment")).toBe(false);
    await approve(request_id);
  }
  expect(gatesAt).toEqual(["discovery", "plan", "validate"]);
  await approveUntil(id, "completed");
});
