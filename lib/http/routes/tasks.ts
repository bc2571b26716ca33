import * as z from "zod";
import { tagOf } from "../../contracts/etags.ts";
import { Id, text } from "../../domain/common.ts";
import { Priority, Task } from "../../domain/task/task.ts";
import { NextCursor, noBody, paging, projectPath } from "../fields.ts";
import { defineCommand, defineQuery } from "../route.ts";
import { callTranscriptRoute, taskCallsRoute } from "./calls.ts";
import { DefinedAgent } from "./defined.ts";

const tag = "Tasks";
const taskPath = projectPath.extend({ task_id: Id.meta({ description: "The task." }) });

export const listTasksRoute = defineQuery({
  operationId: "listTasks",
  path: "/api/v1/projects/{project_id}/tasks",
  summary: "A project's tasks in the order of their creation",
  tag,
  access: "viewer",
  request: z.object({ path: projectPath, query: z.strictObject(paging) }),
  response: z.object({ tasks: z.array(Task), next_cursor: NextCursor }),
  status: 200,
  problems: [],
});

export const createTaskRoute = defineCommand({
  operationId: "createTask",
  method: "post",
  path: "/api/v1/projects/{project_id}/tasks",
  summary: "Give an agent a task outside the workflow, and queue it",
  tag,
  access: "agent",
  request: z.object({
    path: projectPath,
    body: z
      .strictObject({
        agent_type: DefinedAgent,
        instructions: text(1, 20_000),
        context_ids: z
          .array(Id)
          .max(50)
          .default([])
          .meta({ description: "Artifacts the agent is to read." }),
        priority: Priority.default(3),
        name: text(1, 255).optional(),
      })
      .meta({
        id: "NewTask",
        examples: [
          { agent_type: "coder", instructions: "Write a function that adds two numbers." },
        ],
      }),
  }),
  response: Task,
  status: 201,
  problems: ["conflict"],
  idempotent: true,
  ifMatch: null,
  tagOf: tagOf.task,
  location: ({ project_id, task_id }) => `/api/v1/projects/${project_id}/tasks/${task_id}`,
});

export const getTaskRoute = defineQuery({
  operationId: "getTask",
  path: "/api/v1/projects/{project_id}/tasks/{task_id}",
  summary: "One task",
  tag,
  access: "viewer",
  request: z.object({ path: taskPath }),
  response: Task,
  status: 200,
  problems: [],
  tagOf: tagOf.task,
});

const taskCommand = <Name extends string>(operationId: Name, verb: string, summary: string) =>
  defineCommand({
    operationId,
    method: "post",
    path: `/api/v1/projects/{project_id}/tasks/{task_id}/${verb}`,
    summary,
    tag,
    access: "agent",
    request: z.object({ path: taskPath, body: noBody }),
    response: Task,
    status: 200,
    problems: ["conflict"],
    idempotent: true,
    ifMatch: ({ tasks }, { path }) => {
      const task = tasks[path.task_id];
      return task && tagOf.task(task);
    },
    tagOf: tagOf.task,
  });

export const cancelTaskRoute = taskCommand("cancelTask", "cancel", "End a task without a result");
export const retryTaskRoute = taskCommand(
  "retryTask",
  "retry",
  "Run a failed or cancelled task again, with fresh attempts",
);

export const taskRoutes = [
  listTasksRoute,
  createTaskRoute,
  getTaskRoute,
  taskCallsRoute,
  callTranscriptRoute,
  cancelTaskRoute,
  retryTaskRoute,
] as const;
