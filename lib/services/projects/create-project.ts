import type { Call } from "../../contracts/call.ts";
import type { Command } from "../../contracts/command.ts";
import {
  type NewProject,
  createProject as newProject,
} from "../../domain/project/create-project.ts";
import type { ProjectRecord } from "../../domain/project/project.ts";
import { callerOf } from "../commit/caller.ts";

export type CreateProjectDeps = { now: () => Date; newId: () => string };

/** Creates a project; with a workflow also its first task, which starts at once. */
export const createProject = (
  { now, newId }: CreateProjectDeps,
  call: Call,
  input: NewProject,
): Command<ProjectRecord> => {
  const moment = { ...callerOf(call), now: now().toISOString(), newId };
  const known = newProject(call.tenant, input, moment);
  return {
    project_id: known.project.id,
    known,
    decide: (change) => ({ change, answer: ({ project }) => project }),
  };
};
