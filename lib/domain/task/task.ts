import * as z from "zod";
import { ArtifactRef } from "../artifact/artifact.ts";
import { ArtifactType } from "../artifact/artifact-type.ts";
import { WaitingFor } from "../budget/limit.ts";
import { addMs, Id, Instant, Phase, text } from "../common.ts";
import { AgentType } from "../project/agent.ts";
import { move } from "../state-machine.ts";
import { Handoff } from "./handoff.ts";
import { SideEffect } from "./side-effect.ts";

export const TaskStatus = z
  .enum(["pending", "working", "waiting_for_hitl", "completed", "failed", "cancelled"])
  .meta({ id: "TaskStatus" });
export type TaskStatus = z.infer<typeof TaskStatus>;

export const TaskError = z
  .object({ code: z.string(), message: z.string() })
  .meta({ id: "TaskError" });
export type TaskError = z.infer<typeof TaskError>;

export const TaskOutput = ArtifactRef.extend({
  artifact_type: ArtifactType,
  summary: z.string(),
  confidence: z.number().min(0).max(1),
}).meta({ id: "TaskOutput", description: "Where the task's output is kept, and what it says." });

export const Priority = z.int().min(1).max(5);

export const Task = z
  .object({
    task_id: Id,
    project_id: Id,
    name: z.string(),
    agent_type: AgentType,
    phase: Phase.nullable(),
    instructions: text(1, 20_000),
    context_ids: z.array(Id),
    priority: Priority,
    status: TaskStatus,
    attempt: z.int().nonnegative().meta({
      description: "Counts every start. It is the fencing token: only its latest holder can write.",
    }),
    max_attempts: z
      .int()
      .positive()
      .meta({ description: "When this attempt fails, a person is asked." }),
    progress_percentage: z.int().min(0).max(100),
    output: TaskOutput.nullable(),
    error: TaskError.nullable(),
    waiting_for: WaitingFor.nullable().default(null).meta({
      description: "The limit of money at which the task waits; null when it waits at none.",
    }),
    handoff: Handoff.nullable(),
    created_at: Instant,
    updated_at: Instant,
    started_at: Instant.nullable(),
    completed_at: Instant.nullable(),
  })
  .meta({ id: "Task" });
export type Task = z.infer<typeof Task>;

/** A person's response to what this task asked. `content_id` names the artifact that holds an amendment. */
const TaskAnswer = z.object({
  question: z.string(),
  action: z.enum(["approve", "amend"]),
  content_id: Id.nullable(),
  comment: z.string().nullable(),
});

/** A task with the fields that only the backend needs. */
export const TaskRecord = Task.extend({
  rev: z.int(),
  step: z.string().nullable(),
  output_type: ArtifactType,
  answers: z.array(TaskAnswer),
  /** The pending request about this task. */
  pending_request: Id.nullable(),
  lease_until: Instant.nullable(),
  /** A pending task is not started before this instant. */
  not_before: Instant.nullable(),
  /** How often the task was enqueued again since it became pending. */
  enqueue_count: z.int(),
  /** When it was last enqueued again. */
  enqueued_at: Instant.nullable(),
  correlation_id: z.string(),
  /**
   * Digest of the conversation that the agent stored when it asked a person, or at a checkpoint. The next attempt goes on
   * from it.
   */
  transcript: z.string().nullable().default(null),
  /** What the task did outside the backend and must not begin again, oldest first. */
  effects: z.array(SideEffect).default([]),
});
export type TaskRecord = z.infer<typeof TaskRecord>;

export const taskMoves = {
  start: { from: ["pending"], to: "working" },
  try_again: { from: ["working"], to: "pending" },
  wait_for_money: { from: ["working"], to: "pending" },
  wait_for_human: { from: ["pending", "working"], to: "waiting_for_hitl" },
  go_on: { from: ["waiting_for_hitl"], to: "pending" },
  complete: { from: ["working"], to: "completed" },
  fail: { from: ["working", "waiting_for_hitl"], to: "failed" },
  cancel: { from: ["pending", "working", "waiting_for_hitl", "failed"], to: "cancelled" },
  retry: { from: ["failed", "cancelled"], to: "pending" },
  run_again: { from: ["completed", "failed", "waiting_for_hitl"], to: "pending" },
} as const satisfies Record<string, { from: readonly TaskStatus[]; to: TaskStatus }>;

export type TaskMove = keyof typeof taskMoves;

/**
 * Gives the task's status after a move.
 *
 * @throws Problem `conflict` when the status does not allow the move
 */
export const moveTask = (status: TaskStatus, name: TaskMove): TaskStatus =>
  /* guard: moves of a task */ move("task", taskMoves, status, name);

const openStatuses: readonly TaskStatus[] = ["pending", "working", "waiting_for_hitl"];

/** Tells whether work on the task is still to come. */
export const isOpen = (task: { status: TaskStatus }) => openStatuses.includes(task.status);

/** The attempts that a task gets before a person is asked, and again after each response. */
export const attemptsGranted = 3;

/** Counts the attempts of the last grant that have begun, with the one under way. */
export const attemptsUsed = ({
  attempt,
  max_attempts,
}: Pick<TaskRecord, "attempt" | "max_attempts">): number =>
  attemptsGranted - (max_attempts - attempt);

/**
 * A task that is still pending after this time is enqueued again. The wait doubles each time, up to `maxWaitFactor` times
 * the first.
 */
const defaultEnqueueAgainMs = 30_000;
const maxWaitFactor = 10;

const dayMs = 86_400_000;

/** Gives the instant at which a day's limit ends that the task waits at; null when it waits at none. */
const endOfLimit = ({ waiting_for }: TaskRecord): string | null =>
  waiting_for?.scope === "day" ? addMs(`${waiting_for.owner}T00:00:00.000Z`, dayMs) : null;

/**
 * Gives the instant at which the sweeper must look at the task: when its lease ends, when it should have started, or when
 * there may be money for it. Null for a task that waits for a person or has ended.
 *
 * @param enqueueAgainMs how long after it became pending the task is enqueued again for the first time
 */
export const taskDue = (
  task: TaskRecord,
  enqueueAgainMs = defaultEnqueueAgainMs,
): string | null => {
  if (task.status === "working") return task.lease_until;
  if (task.status !== "pending") return null;
  const wait = enqueueAgainMs * Math.min(maxWaitFactor, 2 ** task.enqueue_count);
  const { enqueued_at } = task;
  const ready = task.not_before ?? task.updated_at;
  const due = addMs(enqueued_at && enqueued_at > ready ? enqueued_at : ready, wait);
  const end = endOfLimit(task);
  return end !== null && end < due ? end : due;
};
