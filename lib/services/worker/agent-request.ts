import type { AgentRequest, ContextHead, ContextItem, HumanAnswer } from "../../agents/context.ts";
import type { ArtifactRecord } from "../../domain/artifact/artifact.ts";
import type { Change, Needs } from "../../domain/change.ts";
import { type Json, wellFormed } from "../../domain/json.ts";
import { attemptsUsed, type TaskRecord } from "../../domain/task/task.ts";
import { findStep } from "../../domain/workflow/workflow.ts";
import type { ArtifactDeps } from "../artifacts/artifacts.ts";

export type ContextDeps = Pick<ArtifactDeps, "loadContents"> & {
  loadMore: (change: Change, needs: Needs) => Promise<Change>;
};

/** Gives what an agent sees of an artifact in a list: all but its content. */
export const headOf = (artifact: ArtifactRecord): ContextHead => ({
  context_id: artifact.context_id,
  artifact_type: artifact.artifact_type,
  source_agent: artifact.source_agent,
  version: artifact.version,
  updated_at: artifact.updated_at,
});

/** Gives what an agent reads of an artifact. Providers refuse half surrogate pairs, which earlier contents may hold. */
export const itemOf = (artifact: ArtifactRecord, contents: Map<string, Json>): ContextItem => ({
  ...headOf(artifact),
  content: wellFormed(contents.get(artifact.sha256) ?? null),
});

/** What was loaded for a task's agent. */
export type LoadedContext = { context: ContextItem[]; transcript: Json };

/**
 * Loads the artifacts of a task's context, in their current versions, oldest first; and the transcript that its agent
 * left when it stopped to ask, or at a checkpoint.
 *
 * @throws an error of the table
 */
export const loadContext = async (
  deps: ContextDeps,
  change: Change,
  { project_id, context_ids, transcript }: TaskRecord,
): Promise<LoadedContext> => {
  if (context_ids.length === 0 && !transcript) return { context: [], transcript: null };
  const { artifacts } = await deps.loadMore(change, { artifacts: context_ids });
  const heads = context_ids
    .flatMap((id) => artifacts[id] ?? [])
    .sort((a, b) => a.updated_at.localeCompare(b.updated_at));
  const digests = [...heads.map(({ sha256 }) => sha256), ...(transcript ? [transcript] : [])];
  const contents = await deps.loadContents({ tenant: change.tenant, project_id }, digests);
  return {
    context: heads.map((head) => itemOf(head, contents)),
    transcript: (transcript && contents.get(transcript)) ?? null,
  };
};

const answersOf = (task: TaskRecord, context: readonly ContextItem[]): HumanAnswer[] =>
  task.answers.map(({ question, action, content_id, comment }) => ({
    question,
    action,
    comment,
    content: context.find((item) => item.context_id === content_id)?.content ?? null,
  }));

/** Builds all that an agent is told for one attempt. */
export const agentRequest = (
  { project, workflow }: Change,
  task: TaskRecord,
  { context, transcript }: LoadedContext,
): AgentRequest => ({
  project: {
    id: project.id,
    name: project.name,
    description: project.description,
    workflow: project.workflow,
  },
  task: {
    task_id: task.task_id,
    name: task.name,
    agent_type: task.agent_type,
    step: findStep(workflow, task.step) ?? null,
    handoff: task.handoff,
    instructions: task.instructions,
    attempt: task.attempt,
    failed_attempts: attemptsUsed(task) - 1,
    output_type: task.output_type,
  },
  failed_test_runs: project.failed_test_runs,
  context,
  answers: answersOf(task, context),
  rulings: [],
  mediates: null,
  transcript,
});
