import type { Call } from "../../contracts/call.ts";
import type { Moment } from "../../domain/common.ts";
import {
  type KeptWorkflow,
  type NewProject,
  createProject as newProject,
} from "../../domain/project/create-project.ts";
import { Project } from "../../domain/project/project.ts";
import type { Commit } from "../commit/caller.ts";
import { by } from "../commit/caller.ts";

export type CreateProjectDeps = {
  commit: Commit;
  /** Keeps the workflow that has this name now. @throws Problem `invalid-request` when there is none */
  keepWorkflow: (tenant: string, name: string) => Promise<KeptWorkflow>;
  now: () => Date;
  newId: () => string;
};

/** Creates a project; with a workflow also its first task, which starts at once. */
export const createProject = async (
  deps: CreateProjectDeps,
  call: Call,
  { workflow: name, ...input }: NewProject & { workflow: string },
): Promise<Project> => {
  const request = by(call);
  const moment: Moment = { ...request, now: deps.now().toISOString(), newId: deps.newId };
  const kept = await deps.keepWorkflow(call.tenant, name);
  const known = newProject({ tenant: call.tenant, input, kept }, moment);
  return deps.commit({
    ...request,
    project_id: known.project.id,
    known,
    decide: (change) => ({ change, answer: ({ project }) => Project.parse(project) }),
  });
};
