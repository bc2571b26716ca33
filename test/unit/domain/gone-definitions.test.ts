import { expect, test } from "vitest";
import { agentNames, workflowDefinitions } from "../../../lib/catalog/load.ts";
import { Event } from "../../../lib/domain/events.ts";
import { Project, ProjectRecord } from "../../../lib/domain/project/project.ts";
import { Task } from "../../../lib/domain/task/task.ts";
import { parse } from "../../../lib/http/parse.ts";
import { agentTypeRoute } from "../../../lib/http/routes/agents.ts";
import { listArtifactsRoute } from "../../../lib/http/routes/context.ts";
import { DefinedWorkflow } from "../../../lib/http/routes/defined.ts";
import { createProjectRoute } from "../../../lib/http/routes/projects.ts";
import { createTaskRoute } from "../../../lib/http/routes/tasks.ts";
import { agentsOf } from "../../../lib/services/projects/project-status.ts";
import { aHandoff, anArtifact, anId, aProject, aTask, now } from "../../support/builders.ts";

const project = aProject({ workflow: "waterfall", agents: { painter: { error: "x", at: now } } });
const event = {
  seq: 1,
  event_id: anId(1),
  project_id: anId(1),
  task_id: null,
  agent_type: "painter",
  actor: { type: "agent", id: "painter" },
  timestamp: now,
  event_type: "project_created",
  data: { name: "Old", workflow: "waterfall", oversight_level: "low" },
};

test("what was made with files that are gone stays readable", () => {
  expect(ProjectRecord.parse(project)).toEqual(project);
  expect(Project.parse(project).workflow).toBe("waterfall");
  const handoff = aHandoff({ from_agent: "painter", to_agent: "painter" });
  expect(Task.parse(aTask({ agent_type: "painter", handoff })).handoff).toEqual(handoff);
  expect(anArtifact({ source_agent: "painter" }).source_agent).toBe("painter");
  expect(Event.parse(event)).toEqual(event);
});

test("an agent that is gone is shown where it worked", () => {
  const statuses = agentsOf(project, agentNames).map(
    ({ agent_type, status }) => `${agent_type} ${status}`,
  );
  expect(statuses.at(-1)).toBe("painter error");
  expect(agentsOf(aProject(), agentNames)).toHaveLength(statuses.length - 1);
});

const path = { project_id: anId(1) };
const body = { agent_type: "painter", instructions: "Paint" };

test.each([
  { about: "a task", run: () => parse(createTaskRoute.request, { path, body }), known: agentNames },
  {
    about: "the status",
    run: () => parse(agentTypeRoute.request, { path: { agent_type: "painter" }, query: {} }),
    known: agentNames,
  },
  {
    about: "a list of artifacts",
    run: () => parse(listArtifactsRoute.request, { path, query: { source_agent: "painter" } }),
    known: [...agentNames, "user"],
  },
  {
    about: "a project",
    run: () => parse(createProjectRoute.request, { body: { name: "New", workflow: "waterfall" } }),
    known: [...Object.keys(workflowDefinitions), "none"],
  },
])("$about that is asked for takes only what is defined, and says what is", ({ run, known }) => {
  const listed = known.map((name) => `"${name}"`).join("|");
  expect(run).toThrow(`Invalid option: expected one of ${listed}`);
});

test("what a new project can be given is described", () => {
  expect(DefinedWorkflow.meta()?.description).toContain("`sdlc`: Discovery to launch");
});
