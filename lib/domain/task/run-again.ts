import { apply, type Edit, emit, moveAgent, put, setProject } from "../change.ts";
import type { Moment } from "../common.ts";
import { type EventDraft, taskEvent } from "../events.ts";
import { cancelPendingRequest } from "../request/open-request.ts";
import { moveHandoff } from "./handoff.ts";
import { attemptsGranted, moveTask, type TaskMove, type TaskRecord } from "./task.ts";

type Reason = Extract<EventDraft, { event_type: "task_retry_scheduled" }>["data"]["reason"];

type Rerun = {
  move: Extract<TaskMove, "go_on" | "retry" | "run_again">;
  reason: Reason;
  /** The response that the task learns from, where there is one. */
  answer?: TaskRecord["answers"][number];
};

/** The task keeps the newest answers and feedback for the agent. Older ones stay in the log and as artifacts. */
const maxAnswers = 20;
const maxContextIds = 100;

/** Whether the task goes on from where it stopped, and does not begin anew. */
const goesOn = (reason: Reason): boolean => reason === "answered" || reason === "budget";

const taskToRunAgain = (task: TaskRecord, rerun: Rerun, moment: Moment): TaskRecord => {
  const { answer } = rerun;
  const added = answer?.content_id ? [answer.content_id] : [];
  return {
    ...task,
    status: moveTask(task.status, rerun.move),
    context_ids: [...task.context_ids, ...added].slice(-maxContextIds),
    answers: [...task.answers, ...(answer ? [answer] : [])].slice(-maxAnswers),
    max_attempts: task.attempt + attemptsGranted,
    progress_percentage: 0,
    error: null,
    waiting_for: null,
    handoff: task.handoff && moveHandoff(task.handoff, "reopen", moment.now),
    updated_at: moment.now,
    completed_at: null,
    lease_until: null,
    not_before: null,
    pending_request: null,
    enqueue_count: 0,
    enqueued_at: null,
    correlation_id: moment.correlation_id,
    transcript: goesOn(rerun.reason) ? task.transcript : null,
  };
};

/**
 * Makes the same task pending again, with a fresh set of attempts. Its attempt number keeps growing, as it is the fencing
 * token.
 *
 * @throws Problem `conflict` when the task's status does not allow the move
 */
export const runAgain =
  (task: TaskRecord, rerun: Rerun, moment: Moment): Edit =>
  (change) => {
    const again = taskToRunAgain(task, rerun, moment);
    const rejected = change.project.rejected.filter((id) => id !== task.task_id);
    return apply(
      change,
      cancelPendingRequest(task, "The task runs again.", moment),
      put("tasks", again),
      setProject({ rejected }),
      emit(
        taskEvent(task, "task_retry_scheduled", {
          attempt: task.attempt,
          delay_ms: 0,
          reason: rerun.reason,
          error: null,
        }),
      ),
      moveAgent(task, "leave", moment),
    );
  };
