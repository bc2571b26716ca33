import type { Call } from "../../contracts/call.ts";
import { tagOf } from "../../contracts/etags.ts";
import type { Edit } from "../../domain/change.ts";
import type { Moment } from "../../domain/common.ts";
import { closeProject } from "../../domain/project/close-project.ts";
import { Project } from "../../domain/project/project.ts";
import { pauseProject, resumeProject, updateProject } from "../../domain/project/steer-project.ts";
import { by, type Commit } from "../commit/caller.ts";

export type SteerProjectDeps = { commit: Commit };

const steer = (
  { commit }: SteerProjectDeps,
  call: Call,
  project_id: string,
  edit: (moment: Moment) => Edit,
): Promise<Project> =>
  commit({
    ...by(call),
    project_id,
    decide: (change, moment) => {
      call.checkMatch(tagOf.project(change.project));
      return { change: edit(moment)(change), answer: ({ project }) => Project.parse(project) };
    },
  });

type Fields = Parameters<typeof updateProject>[0];

export const changeProject = (
  deps: SteerProjectDeps,
  call: Call,
  { project_id, ...fields }: Fields & { project_id: string },
) => steer(deps, call, project_id, () => updateProject(fields));

type Named = { project_id: string };

export const pause = (deps: SteerProjectDeps, call: Call, { project_id }: Named) =>
  steer(deps, call, project_id, () => pauseProject);

export const resume = (deps: SteerProjectDeps, call: Call, { project_id }: Named) =>
  steer(deps, call, project_id, (moment) => resumeProject(moment));

export const cancel = (deps: SteerProjectDeps, call: Call, { project_id }: Named) =>
  steer(deps, call, project_id, (moment) => closeProject("cancel", null, moment));

/** The operator closes the project, whatever is still open. */
export const forceComplete = (deps: SteerProjectDeps, call: Call, { project_id }: Named) =>
  steer(deps, call, project_id, (moment) =>
    closeProject("complete", "Completed by the operator.", moment),
  );
