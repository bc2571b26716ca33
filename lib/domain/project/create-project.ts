import { apply, type Change, type Edit, emit, startChange } from "../change.ts";
import type { Moment, OversightLevel } from "../common.ts";
import { projectEvent } from "../events.ts";
import { phaseEvent } from "../workflow/advance.ts";
import { scheduleStep } from "../workflow/schedule-step.ts";
import { firstStep } from "../workflow/workflow.ts";
import type { Project, ProjectRecord } from "./project.ts";

export type NewProject = {
  name: string;
  description: string | null;
  oversight_level: OversightLevel;
  workflow: Project["workflow"];
};

const emptyProject = (input: NewProject, moment: Moment): ProjectRecord => ({
  ...input,
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
  follow_up: null,
  rev: 0,
});

/** The project, and with a workflow its first phase and task. */
export const createProject = (tenant: string, input: NewProject, moment: Moment): Change => {
  const { name, workflow, oversight_level } = input;
  const first = firstStep(workflow);
  const begin: Edit[] = first
    ? [emit(phaseEvent("phase_started", first.phase)), scheduleStep(first, null, moment)]
    : [];
  return apply(
    startChange(tenant, emptyProject(input, moment)),
    emit(projectEvent("project_created", { name, workflow, oversight_level })),
    ...begin,
  );
};
