import {
  apply,
  type Change,
  type Edit,
  emit,
  moveAgent,
  moveProjectTo,
  setProject,
} from "../change.ts";
import type { Moment } from "../common.ts";
import { projectEvent } from "../events.ts";
import { closeRequest, openRequest } from "../request/open-request.ts";
import type { RequestKind, RequestRecord } from "../request/request.ts";
import { cancelTask } from "../task/cancel-task.ts";
import { runAgain } from "../task/run-again.ts";
import type { TaskRecord, TaskStatus } from "../task/task.ts";
import { isOpen } from "../task/task.ts";
import { newFollowUp } from "./follow-up.ts";
import type { Project } from "./project.ts";

type ChangeableFields = Partial<Pick<Project, "name" | "description" | "oversight_level">>;

/** Changes the fields that a person may change. It writes nothing when no field differs. */
export const updateProject =
  (fields: ChangeableFields): Edit =>
  (change) => {
    const { project } = change;
    const names = Object.keys(fields) as (keyof ChangeableFields)[];
    const changed = names.filter((name) => fields[name] !== project[name]);
    if (changed.length === 0) return change;
    const { name, oversight_level } = { ...project, ...fields };
    return apply(
      change,
      setProject(fields),
      emit(projectEvent("project_updated", { changed, name, oversight_level })),
    );
  };

/**
 * Pauses the project: no task starts; running tasks may finish.
 *
 * @throws Problem `conflict` when the project is not active
 */
export const pauseProject: Edit = moveProjectTo("pause", "project_paused", null);

/**
 * Resumes the project. A follow-up starts what waits.
 *
 * @throws Problem `conflict` when the project is not paused or halted
 */
export const resumeProject =
  (moment: Moment): Edit =>
  (change) =>
    apply(
      change,
      moveProjectTo("resume", "project_resumed", null),
      setProject({ follow_up: newFollowUp("start_pending", moment) }),
    );

/** The status of a task while its request waits. In any other status the response is no longer needed. */
const statusWhileAsked = {
  gate: "completed",
  tests: "completed",
  question: "waiting_for_hitl",
  failure: "failed",
  budget: "waiting_for_hitl",
} as const satisfies Record<RequestKind, TaskStatus>;

const askAgain =
  (
    { kind, question, options, context_ids }: RequestRecord,
    task: TaskRecord,
    moment: Moment,
  ): Edit =>
  (change) =>
    apply(
      change,
      openRequest(task, { kind, question, options, context: context_ids }, moment),
      ...(kind === "failure" ? [] : [moveAgent(task, "wait", moment)]),
    );

const runRejected =
  (id: string, moment: Moment): Edit =>
  (change) => {
    if (!change.project.rejected.includes(id)) return change;
    const task = change.tasks[id];
    const left = change.project.rejected.filter((other) => other !== id);
    if (!task || (isOpen(task) && task.status !== "waiting_for_hitl")) {
      return setProject({ rejected: left })(change);
    }
    return runAgain(task, { move: "run_again", reason: "resumed" }, moment)(change);
  };

const askUnanswered =
  (id: string, moment: Moment): Edit =>
  (change) => {
    if (!change.project.unanswered.includes(id)) return change;
    const left = change.project.unanswered.filter((other) => other !== id);
    const cleared = setProject({ unanswered: left })(change);
    const request = change.requests[id];
    const task = request && change.tasks[request.task_id];
    if (!task || task.pending_request || task.status !== statusWhileAsked[request.kind])
      return cleared;
    return request.kind === "budget"
      ? runAgain(task, { move: "go_on", reason: "budget" }, moment)(cleared)
      : askAgain(request, task, moment)(cleared);
  };

/**
 * Runs rejected tasks again and opens unanswered requests again, after the project was resumed. A task that had asked about a
 * limit looks at it again instead: there may be money by now, or an open question that it can join.
 *
 * @throws Problem `conflict` when a rejected task's status does not allow another run
 */
export const resumeWork =
  (rejected: readonly string[], unanswered: readonly string[], moment: Moment): Edit =>
  (change) =>
    change.project.status === "active"
      ? apply(
          change,
          ...rejected.map((id) => runRejected(id, moment)),
          ...unanswered.map((id) => askUnanswered(id, moment)),
        )
      : change;

/** Cancels the tasks and requests that are still open, after the project has ended. */
export const cancelOpen =
  (ids: { tasks: readonly string[]; requests: readonly string[] }, moment: Moment): Edit =>
  (change: Change) => {
    const reason = `The project is ${change.project.status}.`;
    const tasks = ids.tasks.map(
      (id): Edit =>
        (current) => {
          const task = current.tasks[id];
          return task && isOpen(task) ? cancelTask(task, reason, moment)(current) : current;
        },
    );
    const requests = ids.requests.map(
      (id): Edit =>
        (current) => {
          const request = current.requests[id];
          return request?.status === "pending"
            ? closeRequest(request, "cancel", reason, moment)(current)
            : current;
        },
    );
    return apply(change, ...tasks, ...requests);
  };
