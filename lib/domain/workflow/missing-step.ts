import { apply, type Change, type Edit, emit } from "../change.ts";
import type { Moment } from "../common.ts";
import { taskEvent } from "../events.ts";
import { closeProject } from "../project/close-project.ts";
import type { TaskRecord } from "../task/task.ts";
import { findStep } from "./workflow.ts";

/** Tells whether the workflow does not have the task's step, so that it is unknown which step comes next. */
export const isMissingStep = ({ workflow }: Change, { step }: TaskRecord): boolean =>
  step !== null && findStep(workflow, step) === undefined;

/**
 * Fails the project because its workflow does not have the task's step.
 *
 * @throws Problem `conflict` when the project is closed already
 */
export const failMissingStep =
  (task: TaskRecord, moment: Moment): Edit =>
  (change) => {
    const message = `The workflow ${change.project.workflow} has no step ${task.step}.`;
    return apply(
      change,
      emit(taskEvent(task, "error", { code: "unknown_step", message })),
      closeProject("fail", message, moment),
    );
  };
