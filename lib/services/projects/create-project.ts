import type { Call } from "../../contracts/call.ts";
import type { Command } from "../../contracts/command.ts";
import {
  type KeptWorkflow,
  type NewProject,
  createProject as newProject,
} from "../../domain/project/create-project.ts";
import type { ProjectRecord } from "../../domain/project/project.ts";
import { callerOf } from "../commit/caller.ts";

export type CreateProjectDeps = {
  /** Stores the workflow that has this name now. @throws Problem `invalid-request` when there is none */
  keepWorkflow: (tenant: string, name: string) => Promise<KeptWorkflow>;
  now: () => Date;
  newId: () => string;
};

/**
 * Creates a project. With a workflow, it also creates the first task, which starts at once.
 *
 * @throws Problem `invalid-request` when there is no workflow of this name
 */
export const createProject = async (
  { keepWorkflow, now, newId }: CreateProjectDeps,
  call: Call,
  { workflow: name, ...input }: NewProject & { workflow: string },
): Promise<Command<ProjectRecord>> => {
  const moment = { ...callerOf(call), now: now().toISOString(), newId };
  const kept = await keepWorkflow(call.tenant, name);
  const known = newProject({ tenant: call.tenant, input, kept }, moment);
  return {
    project_id: known.project.id,
    known,
    decide: (change) => ({ change, answer: ({ project }) => project }),
  };
};
