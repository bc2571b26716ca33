import { type ArtifactRecord, refOf } from "../artifact/artifact.ts";
import type { ArtifactType } from "../artifact/artifact-type.ts";
import { nextVersion, saveArtifact } from "../artifact/save-artifact.ts";
import { apply, type Edit, emit, moveAgent, put, setProject } from "../change.ts";
import { type Moment, truncate } from "../common.ts";
import { taskEvent } from "../events.ts";
import type { Json } from "../json.ts";
import { afterStep } from "../workflow/advance.ts";
import { moveHandoff } from "./handoff.ts";
import { moveTask, type TaskRecord } from "./task.ts";

/** What an agent delivered. Its content is stored already, under its digest. */
export type Delivery = {
  sha256: string;
  /** Size of the content's canonical JSON. */
  bytes: number;
  metadata: Record<string, Json>;
  summary: string;
  confidence: number;
  open_questions: string[];
  tests_passed: boolean;
};

/**
 * Gives the id of the artifact whose next version the task's output becomes; undefined for a new artifact. A task that runs
 * again has its own artifact. The steps of a workflow share one artifact for each type of output.
 */
export const outputTarget = (
  task: TaskRecord,
  outputs: Partial<Record<ArtifactType, string>>,
): string | undefined =>
  task.output?.context_id ?? (task.step ? outputs[task.output_type] : undefined);

const completed = (
  task: TaskRecord,
  artifact: ArtifactRecord,
  delivery: Delivery,
  now: string,
): TaskRecord => ({
  ...task,
  status: moveTask(task.status, "complete"),
  progress_percentage: 100,
  output: {
    ...refOf(artifact),
    artifact_type: artifact.artifact_type,
    summary: truncate(delivery.summary, 500),
    confidence: delivery.confidence,
  },
  handoff: task.handoff && moveHandoff(task.handoff, "complete", now),
  updated_at: now,
  completed_at: now,
  lease_until: null,
  transcript: null,
});

/**
 * Completes a task: makes its artifact visible and continues the workflow, in one change.
 *
 * @throws Problem `conflict` when the task is not working, or when its workflow ends and the project is closed
 */
export const completeTask =
  (task: TaskRecord, delivery: Delivery, moment: Moment): Edit =>
  (change) => {
    const target = outputTarget(task, change.project.outputs);
    const artifact = nextVersion(
      target ? change.artifacts[target] : undefined,
      {
        project_id: task.project_id,
        source_agent: task.agent_type,
        artifact_type: task.output_type,
        artifact_metadata: delivery.metadata,
        sha256: delivery.sha256,
      },
      moment,
    );
    const done = completed(task, artifact, delivery, moment.now);
    const { outputs } = change.project;
    return apply(
      change,
      saveArtifact(artifact, delivery.bytes, task),
      ...(task.step
        ? [setProject({ outputs: { ...outputs, [task.output_type]: artifact.context_id } })]
        : []),
      put("tasks", done),
      emit(
        taskEvent(done, "task_completed", {
          attempt: done.attempt,
          output: done.output as NonNullable<TaskRecord["output"]>,
        }),
      ),
      moveAgent(done, "leave", moment),
      afterStep(done, delivery, moment),
    );
  };
