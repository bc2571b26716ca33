import type { Page } from "../contracts/page.ts";
import type { ProjectKey } from "../domain/common.ts";
import type { Event } from "../domain/events.ts";
import type { ProjectRecord } from "../domain/project/project.ts";
import type { RequestRecord } from "../domain/request/request.ts";
import type { TaskRecord } from "../domain/task/task.ts";
import type { Workflow } from "../domain/workflow/workflow.ts";

// Reads that several use cases ask for, as they ask for them.

/** @throws Problem `not-found` */
export type LoadProject = (key: ProjectKey) => Promise<ProjectRecord>;

/** Newest first, before the one named. */
export type ListProjects = (
  tenant: string,
  page: { before: string | null; limit: number },
) => Promise<Page<ProjectRecord>>;

/** In the order of their creation, after the one named. */
export type ListTasks = (
  key: ProjectKey,
  page: { after: string | null; limit: number },
) => Promise<Page<TaskRecord>>;

/** Newest first, before the one named. */
export type ListRequests = (
  key: ProjectKey,
  page: { before: string | null; limit: number },
) => Promise<Page<RequestRecord>>;

/** Events after a seq, of so many commits at the most; `more` when the log goes on. */
export type ReadLog = (
  key: ProjectKey,
  page: { after: number; commits: number },
) => Promise<{ events: Event[]; more: boolean }>;

/** What a project runs by: the workflow that it was created with. */
export type WorkflowOf = (tenant: string, project: ProjectRecord) => Promise<Workflow>;

/** The agents that are defined now, in the order of lists. */
export type AgentNames = readonly string[];

/** Writes a task outside a commit, due at `due` (null: never). False when it has changed since it was read. */
export type TouchTask = (tenant: string, task: TaskRecord, due: string | null) => Promise<boolean>;
