import type { Command } from "../../contracts/command.ts";
import type { Edit } from "../../domain/change.ts";
import type { Moment } from "../../domain/common.ts";
import { closeProject } from "../../domain/project/close-project.ts";
import type { ProjectRecord } from "../../domain/project/project.ts";
import { pauseProject, resumeProject, updateProject } from "../../domain/project/steer-project.ts";

const steer = (project_id: string, edit: (moment: Moment) => Edit): Command<ProjectRecord> => ({
  project_id,
  decide: (change, moment) => ({
    change: edit(moment)(change),
    answer: ({ project }) => project,
  }),
});

type Fields = Parameters<typeof updateProject>[0];
type ProjectRef = { project_id: string };

/** Changes fields of a project. @throws Problem `conflict`, from its decision, when the project is over */
export const changeProject = ({ project_id, ...fields }: Fields & ProjectRef) =>
  steer(project_id, () => updateProject(fields));

/** Pauses a project. @throws Problem `conflict`, from its decision, when it is not active */
export const pause = ({ project_id }: ProjectRef) => steer(project_id, () => pauseProject);

/** Resumes a project. @throws Problem `conflict`, from its decision, when it is neither paused nor halted */
export const resume = ({ project_id }: ProjectRef) =>
  steer(project_id, (moment) => resumeProject(moment));

/** Cancels a project. @throws Problem `conflict`, from its decision, when it is over */
export const cancel = ({ project_id }: ProjectRef) =>
  steer(project_id, (moment) => closeProject("cancel", null, moment));

/**
 * Completes a project although tasks or requests are still open: for operators.
 *
 * @throws Problem `conflict`, from its decision, when the project is over
 */
export const forceComplete = ({ project_id }: ProjectRef) =>
  steer(project_id, (moment) => closeProject("complete", "Completed by the operator.", moment));
