import * as z from "zod";
import { tagOf } from "../../contracts/etags.ts";
import type { Change } from "../../domain/change.ts";
import { Id, OversightLevel, Phase } from "../../domain/common.ts";
import { Event, EventType } from "../../domain/events.ts";
import { AgentStatus } from "../../domain/project/agent.ts";
import {
  Project,
  ProjectDescription,
  ProjectName,
  ProjectStatus,
} from "../../domain/project/project.ts";
import { HitlRequest } from "../../domain/request/request.ts";
import { Task } from "../../domain/task/task.ts";
import { NextCursor, noBody, paging, projectPath } from "../fields.ts";
import { defineCommand, defineQuery } from "../route.ts";
import { exportUsageRoute } from "./calls.ts";
import { DefinedWorkflow } from "./defined.ts";
import { projectUsageRoute } from "./usage.ts";

const tag = "Projects";
const ifMatch = ({ project }: Change) => tagOf.project(project);

export const createProjectRoute = defineCommand({
  operationId: "createProject",
  method: "post",
  path: "/api/v1/projects",
  summary: "Create a project; the first task of its workflow starts at once",
  tag,
  access: "operator",
  request: z.object({
    body: z
      .strictObject({
        name: ProjectName,
        description: ProjectDescription.default(null),
        oversight_level: OversightLevel.default("medium"),
        workflow: DefinedWorkflow.default("sdlc"),
      })
      .meta({
        id: "NewProject",
        examples: [{ name: "Todo app", description: "A web app for shared todo lists." }],
      }),
  }),
  response: Project,
  status: 201,
  problems: [],
  idempotent: true,
  ifMatch: null,
  tagOf: tagOf.project,
  location: ({ id }) => `/api/v1/projects/${id}`,
});

export const listProjectsRoute = defineQuery({
  operationId: "listProjects",
  path: "/api/v1/projects",
  summary: "The caller's projects, newest first",
  tag,
  access: "viewer",
  request: z.object({
    query: z.strictObject({
      status: ProjectStatus.optional().meta({ description: "Only projects in this status." }),
      ...paging,
    }),
  }),
  response: z.object({ projects: z.array(Project), next_cursor: NextCursor }),
  status: 200,
  problems: [],
});

export const getProjectRoute = defineQuery({
  operationId: "getProject",
  path: "/api/v1/projects/{project_id}",
  summary: "One project",
  tag,
  access: "viewer",
  request: z.object({ path: projectPath }),
  response: Project,
  status: 200,
  problems: [],
  tagOf: tagOf.project,
});

export const updateProjectRoute = defineCommand({
  operationId: "updateProject",
  method: "patch",
  path: "/api/v1/projects/{project_id}",
  summary: "Change name, description or oversight level",
  tag,
  access: "operator",
  request: z.object({
    path: projectPath,
    body: z
      .strictObject({
        name: ProjectName.exactOptional(),
        description: ProjectDescription.exactOptional(),
        oversight_level: OversightLevel.exactOptional(),
      })
      .refine((fields) => Object.keys(fields).length > 0, "Name at least one field to change.")
      .meta({ id: "ProjectChange", examples: [{ oversight_level: "low" }] }),
  }),
  response: Project,
  status: 200,
  problems: [],
  idempotent: false,
  ifMatch,
  tagOf: tagOf.project,
});

const projectCommand = <Name extends string>(operationId: Name, verb: string, summary: string) =>
  defineCommand({
    operationId,
    method: "post",
    path: `/api/v1/projects/{project_id}/${verb}`,
    summary,
    tag,
    access: "operator",
    request: z.object({ path: projectPath, body: noBody }),
    response: Project,
    status: 200,
    problems: ["conflict"],
    idempotent: true,
    ifMatch,
    tagOf: tagOf.project,
  });

export const pauseProjectRoute = projectCommand(
  "pauseProject",
  "pause",
  "Start nothing new; running work may finish and is kept",
);
export const resumeProjectRoute = projectCommand(
  "resumeProject",
  "resume",
  "Go on where the project stood, paused or halted",
);
export const cancelProjectRoute = projectCommand(
  "cancelProject",
  "cancel",
  "End the project for good",
);
export const forceCompleteRoute = projectCommand(
  "forceCompleteProject",
  "force-complete",
  "Close the project as completed, whatever is open",
);

const percentage = z.int().min(0).max(100);

export const projectStatusRoute = defineQuery({
  operationId: "getProjectStatus",
  path: "/api/v1/projects/{project_id}/status",
  summary: "All that a screen needs, as one consistent picture",
  tag,
  access: "viewer",
  request: z.object({ path: projectPath }),
  response: z
    .object({
      project_id: Id,
      status: ProjectStatus,
      current_phase: Phase,
      head: z.int(),
      progress_percentage: percentage,
      tasks: z
        .array(Task)
        .meta({ description: "The newest hundred and what is open, oldest first." }),
      agents: z.array(AgentStatus),
      pending_hitl: z.array(HitlRequest),
    })
    .meta({ id: "ProjectScreen" }),
  status: 200,
  problems: ["busy"],
});

export const projectCompletionRoute = defineQuery({
  operationId: "getProjectCompletion",
  path: "/api/v1/projects/{project_id}/completion",
  summary: "How far the project is",
  tag,
  access: "viewer",
  request: z.object({ path: projectPath }),
  response: z
    .object({
      project_id: Id,
      is_complete: z.boolean(),
      completion_percentage: percentage,
      total_tasks: z.int(),
      completed_tasks: z.int(),
      artifacts_available: z.boolean(),
    })
    .meta({ id: "ProjectCompletion" }),
  status: 200,
  problems: [],
});

export const listEventsRoute = defineQuery({
  operationId: "listEvents",
  path: "/api/v1/projects/{project_id}/events",
  summary: "The project's log, ascending",
  tag,
  access: "viewer",
  request: z.object({
    path: projectPath,
    query: z.strictObject({
      after: z.coerce
        .number()
        .int()
        .min(0)
        .default(0)
        .meta({ description: "Only events after this seq." }),
      limit: paging.limit,
      event_type: EventType.optional().meta({ description: "Only events of this type." }),
    }),
  }),
  response: z.object({
    events: z.array(Event),
    head: z.int(),
    next_after: z
      .int()
      .nullable()
      .meta({ description: "The `after` of the next page; null at the end of the log." }),
  }),
  status: 200,
  problems: [],
});

export const projectRoutes = [
  createProjectRoute,
  listProjectsRoute,
  getProjectRoute,
  updateProjectRoute,
  projectStatusRoute,
  pauseProjectRoute,
  resumeProjectRoute,
  cancelProjectRoute,
  projectCompletionRoute,
  forceCompleteRoute,
  listEventsRoute,
  projectUsageRoute,
  exportUsageRoute,
] as const;
