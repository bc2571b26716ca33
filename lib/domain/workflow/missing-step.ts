import { apply, type Change, type Edit, emit } from "../change.ts";
import type { Moment } from "../common.ts";
import { taskEvent } from "../events.ts";
import { closeProject } from "../project/close-project.ts";
import type { TaskRecord } from "../task/task.ts";
import { findStep } from "./workflow.ts";

/** The workflow that made the task no longer has its step: nobody can say what comes next. */
export const isMissingStep = ({ workflow }: Change, { step }: TaskRecord): boolean =>
  step !== null && findStep(workflow, step) === undefined;

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
