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

/** A project with what only the backend needs. */
export const ProjectRecord = Project.extend({
  agents: z.record(AgentType, AgentActivity),
  counts: ProjectCounts,
  /** Digest of the workflow that the project was created with; null without one, and for projects from before this. */
  workflow_digest: z.string().nullable().default(null),
  /** The workflow's current step; null outside the workflow and when it is over. */
  step: z.string().nullable(),
  /** The task that carries the current step: only its end moves the workflow on. */
  step_task: Id.nullable(),
  failed_test_runs: z.int(),
  /** Fix rounds a person granted on top of the workflow's own. */
  extra_fix_rounds: z.int(),
  /** The artifact that holds each kind of output; a later step's output becomes its next version. */
  outputs: z.partialRecord(ArtifactType, Id),
  /** The user's own context, newest last. */
  inputs: z.array(Id),
  /** Tasks that were rejected: they run again on resume. */
  rejected: z.array(Id),
  /** Requests that nobody answered in time: they are asked again on resume. */
  unanswered: z.array(Id),
  /** Limits of budgets that a person has set, in micro-dollars; their keys are made and read in budget/limit.ts. */
  raised_limits: z.record(z.string(), z.int().nonnegative()).default({}),
  /** Limits up to which a person has let the work go on beyond 90 %. */
  agreed_limits: z.array(LimitRef).default([]),
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

/** @throws Problem `conflict` when the status does not allow it */
export const moveProject = (status: ProjectStatus, name: ProjectMove): ProjectStatus =>
  move("project", projectMoves, status, name);

const finalStatuses: readonly ProjectStatus[] = ["completed", "failed", "cancelled"];

/** Nothing changes any more in a closed project. */
export const isClosed = (project: { status: ProjectStatus }) =>
  finalStatuses.includes(project.status);

/** A follow-up that its own process did not finish is looked at after this long. */
const followUpMs = 30_000;

/** When the sweeper has to do what a change of the status left behind; null when it left nothing. */
export const projectDue = ({ follow_up }: ProjectRecord): string | null =>
  follow_up && addMs(follow_up.at, followUpMs);
