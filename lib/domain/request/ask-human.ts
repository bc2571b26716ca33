import type { ArtifactRef } from "../artifact/artifact.ts";
import type { LimitQuestion } from "../budget/limit.ts";
import { leaveLine } from "../budget/line.ts";
import { apply, type Edit, moveAgent, put } from "../change.ts";
import type { Moment } from "../common.ts";
import { moveTask, type TaskRecord } from "../task/task.ts";
import { openRequest } from "./open-request.ts";

type TaskQuestion = {
  kind?: "question" | "budget";
  about?: LimitQuestion | undefined;
  question: string;
  options: readonly string[];
  context: readonly ArtifactRef[];
  expires_in_seconds?: number | undefined;
  /** Digest of the conversation from which the agent goes on after the response. */
  transcript?: string | null;
};

/**
 * Asks a person in the middle of a task. The task waits, and a running attempt loses its lease.
 *
 * @throws Problem `conflict` when the task is neither pending nor working
 */
export const askHuman =
  (task: TaskRecord, { transcript = null, ...question }: TaskQuestion, moment: Moment): Edit =>
  (change) => {
    const waiting: TaskRecord = {
      ...task,
      status: moveTask(task.status, "wait_for_human"),
      updated_at: moment.now,
      waiting_for: null,
      lease_until: null,
      not_before: null,
      transcript,
    };
    return apply(
      change,
      leaveLine(task),
      put("tasks", waiting),
      openRequest(waiting, { kind: "question", ...question }, moment),
      moveAgent(waiting, "wait", moment),
    );
  };
