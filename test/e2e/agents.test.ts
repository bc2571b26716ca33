import { expect, test } from "vitest";
import { agentNames } from "../../lib/catalog/load.ts";
import { call, createProject, createTask, ok, slowly, taskReaches } from "./client.ts";
import type { AgentStatus } from "./model.ts";

const types = ["orchestrator", "analyst", "architect", "coder", "tester", "deployer"];

const agentsOf = async (id: string) =>
  (await ok<{ agents: AgentStatus[] }>(`GET /projects/${id}/agents`)).agents;

test("a project has one agent of each type, idle at first", async () => {
  const { id } = await createProject();
  const agents = await agentsOf(id);
  const listed = agents.map(({ agent_type }) => agent_type);
  expect(listed).toEqual(agentNames);
  expect(listed.slice(0, types.length)).toEqual(types);
  for (const agent of agents)
    expect(agent).toMatchObject({
      status: "idle",
      project_id: id,
      current_task_id: null,
      error_message: null,
    });
});

test("an agent shows the task it works on, then rests", async () => {
  const { id } = await createProject();
  const task = await createTask(id, { agent_type: "tester", instructions: slowly });
  const tester = async () => (await agentsOf(id)).find((agent) => agent.agent_type === "tester");
  await taskReaches(task, "working");
  expect(await tester()).toMatchObject({ status: "working", current_task_id: task.task_id });
  await taskReaches(task, "completed");
  expect(await tester()).toMatchObject({ status: "idle", current_task_id: null });
});

test("the agents of all projects, by type", async () => {
  const { id } = await createProject();
  const everywhere = await call<unknown>("GET /agents/status");
  expect(everywhere.status).toBe(200);
  for (const type of types) expect(JSON.stringify(everywhere.body)).toContain(type);
  const coders = await call<unknown>("GET /agents/status/coder");
  expect(coders.status).toBe(200);
  expect(JSON.stringify(coders.body)).toContain(id);
  expect(JSON.stringify(coders.body)).not.toContain('"tester"');
});

test("an unknown agent is refused", async () => {
  const { id } = await createProject();
  expect(await call("GET /agents/status/gardener")).toMatchObject({ status: 422 });
  expect(await call(`POST /projects/${id}/agents/gardener/reset`)).toMatchObject({ status: 422 });
});

test("only an agent in error can be reset", async () => {
  const { id } = await createProject();
  expect(await call(`POST /projects/${id}/agents/coder/reset`)).toMatchObject({ status: 409 });
});
