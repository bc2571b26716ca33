import type { AgentRequest, ContextItem, HumanAnswer } from "../agents/agent.ts";
import type { ArtifactRecord } from "../domain/artifact.ts";
import type { Change, Needs } from "../domain/change.ts";
import type { ProjectKey } from "../domain/common.ts";
import type { Json } from "../domain/json.ts";
import type { TaskRecord } from "../domain/task.ts";

export type ContextDeps = {
  loadMore: (change: Change, needs: Needs) => Promise<Change>;
  loadContents: (key: ProjectKey, digests: readonly string[]) => Promise<Map<string, Json>>;
};

const itemOf = (artifact: ArtifactRecord, contents: Map<string, Json>): ContextItem => ({
  context_id: artifact.context_id,
  artifact_type: artifact.artifact_type,
  source_agent: artifact.source_agent,
  version: artifact.version,
  content: contents.get(artifact.sha256) ?? null,
});

/** The artifacts a task was given, in their current versions, oldest first. */
export const loadContext = async (
  deps: ContextDeps,
  change: Change,
  { project_id, context_ids }: TaskRecord,
): Promise<ContextItem[]> => {
  if (context_ids.length === 0) return [];
  const { artifacts } = await deps.loadMore(change, { artifacts: context_ids });
  const heads = context_ids
    .flatMap((id) => artifacts[id] ?? [])
    .sort((a, b) => a.updated_at.localeCompare(b.updated_at));
  const digests = heads.map(({ sha256 }) => sha256);
  const contents = await deps.loadContents({ tenant: change.tenant, project_id }, digests);
  return heads.map((head) => itemOf(head, contents));
};

const answersOf = (task: TaskRecord, context: readonly ContextItem[]): HumanAnswer[] =>
  task.answers.map(({ question, action, content_id, comment }) => ({
    question,
    action,
    comment,
    content: context.find((item) => item.context_id === content_id)?.content ?? null,
  }));

/** All that an agent gets to know for one run. */
export const agentRequest = (
  { project }: Change,
  task: TaskRecord,
  context: readonly ContextItem[],
): AgentRequest => ({
  project: { id: project.id, name: project.name, description: project.description },
  task: {
    task_id: task.task_id,
    name: task.name,
    agent_type: task.agent_type,
    instructions: task.instructions,
    attempt: task.attempt,
    output_type: task.output_type,
  },
  failed_test_runs: project.failed_test_runs,
  context,
  answers: answersOf(task, context),
});
