import type { Call } from "../../contracts/call.ts";
import type { Moment } from "../../domain/common.ts";
import {
  type NewProject,
  createProject as newProject,
} from "../../domain/project/create-project.ts";
import { Project } from "../../domain/project/project.ts";
import type { Commit } from "../commit/caller.ts";
import { by } from "../commit/caller.ts";

export type CreateProjectDeps = { commit: Commit; now: () => Date; newId: () => string };

/** Creates a project; with a workflow also its first task, which starts at once. */
export const createProject = (
  deps: CreateProjectDeps,
  call: Call,
  input: NewProject,
): Promise<Project> => {
  const request = by(call);
  const moment: Moment = { ...request, now: deps.now().toISOString(), newId: deps.newId };
  const known = newProject(call.tenant, input, moment);
  return deps.commit({
    ...request,
    project_id: known.project.id,
    known,
    decide: (change) => ({ change, answer: ({ project }) => Project.parse(project) }),
  });
};
