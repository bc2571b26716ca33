import * as z from "zod";
import { ArtifactType } from "../artifact/artifact-type.ts";
import { LimitRef } from "../budget/limit.ts";
import { addMs, Id, Instant, OversightLevel, Phase, plainText, text } from "../common.ts";
import { move } from "../state-machine.ts";
import { WorkflowName } from "../workflow/workflow.ts";
import { AgentActivity, AgentType } from "./agent.ts";
import { FollowUp } from "./follow-up.ts";

export const ProjectStatus = z
  .enum(["active", "paused", "halted", "completed", "failed", "cancelled"])
  .meta({ id: "ProjectStatus" });
export type ProjectStatus = z.infer<typeof ProjectStatus>;

export const ProjectName = text(1, 255);
export const ProjectDescription = plainText(10_000).nullable();

export const Project = z
  .object({
    id: Id,
    name: ProjectName,
    description: ProjectDescription,
    status: ProjectStatus,
    current_phase: Phase,
    oversight_level: OversightLevel,
    workflow: WorkflowName,
    head: z.int().nonnegative().meta({ description: "Sequence number of its last event." }),
    created_at: Instant,
    updated_at: Instant,
    completed_at: Instant.nullable(),
  })
  .meta({ id: "Project" });
export type Project = z.infer<typeof Project>;

const ProjectCounts = z.object({
  tasks: z.int(),
  completed: z.int(),
  open: z.int(),
  pending_requests: z.int(),
  artifacts: z.int(),
});
export type ProjectCounts = z.infer<typeof ProjectCounts>;

/** A project with the fields that only the backend needs. */
export const ProjectRecord = Project.extend({
  agents: z.record(AgentType, AgentActivity),
  counts: ProjectCounts,
  /**
   * The digest of the workflow that the project was created with; null without steps, and in projects from before workflows
   * were stored.
   */
  workflow_digest: z.string().nullable().default(null),
  /** The key of the current step; null without a workflow and after its end. */
  step: z.string().nullable(),
  /** The task of the current step. The workflow goes on only when this task ends. */
  step_task: Id.nullable(),
  failed_test_runs: z.int(),
  /** The fix rounds that a person granted on top of the workflow's own. */
  extra_fix_rounds: z.int(),
  /** The artifact of each type of output. Output of a later step of the same type becomes its next version. */
  outputs: z.partialRecord(ArtifactType, Id),
  /** The artifacts that the user added, newest last. */
  inputs: z.array(Id),
  /** The tasks that a person rejected. They run again when the project resumes. */
  rejected: z.array(Id),
  /** The requests that expired without a response. They are opened again when the project resumes. */
  unanswered: z.array(Id),
  /** The limits that a person has set, in micro-dollars. budget/limit.ts makes and reads the keys. */
  raised_limits: z.record(z.string(), z.int().nonnegative()).default({}),
  /** The limits for which a person has agreed that the work goes on beyond 90 % of them. */
  agreed_limits: z.array(LimitRef).default([]),
  /** The limits that a person is asked about now. A task's own limit is not here: no other task waits at it. */
  asked_limits: z.array(LimitRef.extend({ request_id: Id })).default([]),
  follow_up: FollowUp.nullable(),
  rev: z.int(),
});
export type ProjectRecord = z.infer<typeof ProjectRecord>;

export const projectMoves = {
  pause: { from: ["active"], to: "paused" },
  resume: { from: ["paused", "halted"], to: "active" },
  halt: { from: ["active", "paused", "halted"], to: "halted" },
  complete: { from: ["active", "paused", "halted"], to: "completed" },
  fail: { from: ["active", "paused", "halted"], to: "failed" },
  cancel: { from: ["active", "paused", "halted"], to: "cancelled" },
} as const satisfies Record<string, { from: readonly ProjectStatus[]; to: ProjectStatus }>;

export type ProjectMove = keyof typeof projectMoves;

/**
 * Gives the project's status after a move.
 *
 * @throws Problem `conflict` when the status does not allow the move
 */
export const moveProject = (status: ProjectStatus, name: ProjectMove): ProjectStatus =>
  move("project", projectMoves, status, name);

const finalStatuses: readonly ProjectStatus[] = ["completed", "failed", "cancelled"];

/** Tells whether the project has ended. Nothing changes any more in a closed project. */
export const isClosed = (project: { status: ProjectStatus }) =>
  finalStatuses.includes(project.status);

/** After this time the sweeper takes over a follow-up that its own process did not finish. */
const followUpMs = 30_000;

/** Gives the instant at which the sweeper must do the project's follow-up; null without one. */
export const projectDue = ({ follow_up }: ProjectRecord): string | null =>
  follow_up && addMs(follow_up.at, followUpMs);
