import type { ArtifactType } from "../artifact/artifact-type.ts";
import { apply, type Change, type Edit, emit, put, setProject } from "../change.ts";
import type { Moment, Phase } from "../common.ts";
import { taskEvent } from "../events.ts";
import type { AgentType } from "../project/agent.ts";
import type { Handoff } from "../task/handoff.ts";
import { attemptsGranted, type TaskRecord } from "../task/task.ts";
import type { Step } from "./workflow.ts";

type NewTask = {
  name: string;
  agent_type: AgentType;
  phase: Phase | null;
  instructions: string;
  context_ids: readonly string[];
  priority: number;
  step: string | null;
  output_type: ArtifactType;
};

/** Makes a task that has not started yet. */
export const newTask = (project_id: string, fields: NewTask, moment: Moment): TaskRecord => ({
  ...fields,
  task_id: moment.newId(),
  project_id,
  context_ids: [...new Set(fields.context_ids)],
  status: "pending",
  attempt: 0,
  max_attempts: attemptsGranted,
  progress_percentage: 0,
  output: null,
  error: null,
  waiting_for: null,
  handoff: null,
  created_at: moment.now,
  updated_at: moment.now,
  started_at: null,
  completed_at: null,
  answers: [],
  pending_request: null,
  lease_until: null,
  not_before: null,
  enqueue_count: 0,
  enqueued_at: null,
  correlation_id: moment.correlation_id,
  transcript: null,
  effects: [],
  rev: 0,
});

/** Adds a new task, with its event. */
export const addTask =
  (task: TaskRecord): Edit =>
  (change) => {
    const { name, agent_type, phase, priority } = task;
    return apply(
      change,
      put("tasks", task),
      emit(taskEvent(task, "task_created", { name, agent_type, phase, priority })),
    );
  };

const newHandoff = (
  from: TaskRecord,
  step: Step,
  context_ids: readonly string[],
  moment: Moment,
): Handoff => ({
  handoff_id: moment.newId(),
  project_id: from.project_id,
  from_agent: from.agent_type,
  to_agent: step.agent_type,
  phase: step.phase,
  instructions: `${from.name} is done. ${step.instructions}`,
  context_ids: [...context_ids],
  expected_outputs: [...step.expected_outputs],
  priority: from.priority,
  status: "pending",
  metadata: {
    from_task_id: from.task_id,
    ...(from.output && { artifact_type: from.output.artifact_type, summary: from.output.summary }),
  },
  created_at: moment.now,
  accepted_at: null,
  completed_at: null,
});

/** Lists the artifacts that the next agent gets to read: those that the user added, then all outputs so far. */
const contextFor = ({ project }: Change) => [
  ...new Set([...project.inputs, ...Object.values(project.outputs)]),
];

const handoffCreated = (
  task: TaskRecord,
  { handoff_id, from_agent, to_agent, phase, status, context_ids }: Handoff,
) =>
  taskEvent(task, "handoff_created", {
    handoff_id,
    from_agent,
    to_agent,
    phase,
    status,
    context_ids,
  });

/**
 * Creates the task of a workflow's step, and makes it the current one.
 *
 * @param from the task whose agent hands its work over; null for the first step
 */
export const scheduleStep =
  (step: Step, from: TaskRecord | null, moment: Moment): Edit =>
  (change) => {
    const { name, agent_type, phase, instructions, output } = step;
    const context_ids = contextFor(change);
    const bare = newTask(
      change.project.id,
      {
        name,
        agent_type,
        phase,
        instructions,
        context_ids,
        priority: 3,
        step: step.key,
        output_type: output,
      },
      moment,
    );
    const handoff = from && newHandoff(from, step, context_ids, moment);
    const task = { ...bare, handoff };
    return apply(
      change,
      setProject({ step: step.key, step_task: task.task_id, current_phase: phase }),
      addTask(task),
      emit(...(handoff ? [handoffCreated(task, handoff)] : [])),
    );
  };
