import { apply, type Change, type Edit, emit, startChange } from "../change.ts";
import type { Moment, OversightLevel } from "../common.ts";
import { projectEvent } from "../events.ts";
import { phaseEvent } from "../workflow/advance.ts";
import { scheduleStep } from "../workflow/schedule-step.ts";
import { firstStep, type Workflow } from "../workflow/workflow.ts";
import type { ProjectRecord } from "./project.ts";

export type NewProject = {
  name: string;
  description: string | null;
  oversight_level: OversightLevel;
};

/**
 * A workflow that is stored already, and its digest. The digest is null for a workflow without steps, which is not stored.
 */
export type KeptWorkflow = { workflow: Workflow; digest: string | null };

const emptyProject = (
  input: NewProject,
  { workflow, digest }: KeptWorkflow,
  moment: Moment,
): ProjectRecord => ({
  ...input,
  workflow: workflow.name,
  workflow_digest: digest,
  id: moment.newId(),
  status: "active",
  current_phase: "discovery",
  head: 0,
  created_at: moment.now,
  updated_at: moment.now,
  completed_at: null,
  agents: {},
  counts: { tasks: 0, completed: 0, open: 0, pending_requests: 0, artifacts: 0 },
  step: null,
  step_task: null,
  failed_test_runs: 0,
  extra_fix_rounds: 0,
  outputs: {},
  inputs: [],
  rejected: [],
  unanswered: [],
  raised_limits: {},
  agreed_limits: [],
  asked_limits: [],
  follow_up: null,
  rev: 0,
});

type Creation = { tenant: string; input: NewProject; kept: KeptWorkflow };

/** Creates a project. With a workflow that has steps it also starts the first phase and adds the first step's task. */
export const createProject = ({ tenant, input, kept }: Creation, moment: Moment): Change => {
  const { name, oversight_level } = input;
  const { workflow } = kept;
  const first = firstStep(workflow);
  const begin: Edit[] = first
    ? [emit(phaseEvent("phase_started", first.phase)), scheduleStep(first, null, moment)]
    : [];
  return apply(
    startChange(tenant, emptyProject(input, kept, moment), workflow),
    emit(projectEvent("project_created", { name, workflow: workflow.name, oversight_level })),
    ...begin,
  );
};
