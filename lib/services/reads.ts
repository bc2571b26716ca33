import type { Page } from "../contracts/page.ts";
import type { ProjectKey } from "../domain/common.ts";
import type { Event } from "../domain/events.ts";
import type { ProjectRecord } from "../domain/project/project.ts";
import type { RequestRecord } from "../domain/request/request.ts";
import type { TaskRecord } from "../domain/task/task.ts";
import type { Workflow } from "../domain/workflow/workflow.ts";

// Functions of the store that several use cases need, with the types that these use cases see.

/** Loads a project. @throws Problem `not-found` */
export type LoadProject = (key: ProjectKey) => Promise<ProjectRecord>;

/** Lists projects, newest first. `before` is the id of the last one of the page before, null for the first page. */
export type ListProjects = (
  tenant: string,
  page: { before: string | null; limit: number },
) => Promise<Page<ProjectRecord>>;

/** Lists tasks in the order of their creation. `after` is the id of the last one of the page before. */
export type ListTasks = (
  key: ProjectKey,
  page: { after: string | null; limit: number },
) => Promise<Page<TaskRecord>>;

/** Lists requests, newest first. `before` is the id of the last one of the page before. */
export type ListRequests = (
  key: ProjectKey,
  page: { before: string | null; limit: number },
) => Promise<Page<RequestRecord>>;

/** Reads the events after a seq, of at most `commits` commits. `more` is true when the log has further ones. */
export type ReadLog = (
  key: ProjectKey,
  page: { after: number; commits: number },
) => Promise<{ events: Event[]; more: boolean }>;

/** Loads the workflow that the project was created with: it runs by this one. */
export type WorkflowOf = (tenant: string, project: ProjectRecord) => Promise<Workflow>;

/** The agents that are defined now, in the order in which lists show them. */
export type AgentNames = readonly string[];

/** Writes a task outside a commit, due at `due` (null: never). Gives false when the task has changed since it was read. */
export type TouchTask = (tenant: string, task: TaskRecord, due: string | null) => Promise<boolean>;
