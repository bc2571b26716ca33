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
  /** What the task knows more than last time. */
  answer?: TaskRecord["answers"][number];
};

/** Older answers and feedback stay in the log and as artifacts; the agent reads the newest. */
const maxAnswers = 20;
const maxContextIds = 100;

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
    handoff: task.handoff && moveHandoff(task.handoff, "reopen", moment.now),
    updated_at: moment.now,
    completed_at: null,
    lease_until: null,
    not_before: null,
    pending_request: null,
    enqueue_count: 0,
    enqueued_at: null,
    correlation_id: moment.correlation_id,
    transcript: rerun.reason === "answered" ? task.transcript : null,
  };
};

/** The same task runs again, with a fresh set of attempts. The attempt number keeps growing: it fences. */
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
