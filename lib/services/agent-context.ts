import type { AgentTools, ContextItem } from "../agents/agent.ts";
import type { ArtifactRecord } from "../domain/artifact.ts";
import { maxContentBytes } from "../domain/artifact.ts";
import { apply, type Change, putTask } from "../domain/change.ts";
import type { ProjectKey } from "../domain/common.ts";
import { holdsTask } from "../domain/decisions/run-task.ts";
import { nextVersion, saveArtifact } from "../domain/decisions/save-artifact.ts";
import { addEffect, findEffect } from "../domain/effect.ts";
import type { Json } from "../domain/json.ts";
import type { Page } from "../domain/page.ts";
import { Problem } from "../domain/problem.ts";
import { isClosed } from "../domain/project.ts";
import { headOf } from "./agent-request.ts";
import type { Commit } from "./caller.ts";
import type { Held } from "./claim-task.ts";
import { type Hold, LostClaim } from "./hold-task.ts";

export type AgentContextDeps = {
  commit: Commit;
  listArtifacts: (
    key: ProjectKey,
    page: { after: string | null; limit: number },
  ) => Promise<Page<ArtifactRecord>>;
  findArtifact: (tenant: string, id: string, version?: number) => Promise<ArtifactRecord>;
  loadContents: (key: ProjectKey, digests: readonly string[]) => Promise<Map<string, Json>>;
  keepContent: (key: ProjectKey, content: { sha256: string; content: Json }) => Promise<void>;
  digest: (content: Json) => { sha256: string; bytes: number };
};

/** Artifacts that an agent is told of; a project has few. */
const mostListed = 200;

const keyOf = ({ change, task }: Held): ProjectKey => ({
  tenant: change.tenant,
  project_id: task.project_id,
});

const isMissing = (error: unknown) => error instanceof Problem && error.code === "not-found";

const read = async (
  deps: AgentContextDeps,
  held: Held,
  [context_id, version]: Parameters<AgentTools["context"]["read"]>,
): Promise<ContextItem | null> => {
  const key = keyOf(held);
  const found = await deps.findArtifact(key.tenant, context_id, version).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (!found || found.project_id !== key.project_id) return null;
  const contents = await deps.loadContents(key, [found.sha256]);
  return { ...headOf(found), content: contents.get(found.sha256) ?? null };
};

const write = async (
  deps: AgentContextDeps,
  held: Held,
  { key: name, artifact_type, content }: Parameters<AgentTools["context"]["write"]>[0],
) => {
  const { task } = held;
  const key = keyOf(held);
  const { sha256, bytes } = deps.digest(content);
  if (bytes > maxContentBytes) throw new Problem("too-large", `The content is ${bytes} bytes.`);
  await deps.keepContent(key, { sha256, content });
  return deps.commit<Held & { context_id: string }>({
    ...key,
    actor: { type: "agent", id: task.agent_type },
    correlation_id: task.correlation_id,
    needs: { tasks: [task.task_id] },
    decide: (change, moment) => {
      const current = change.tasks[task.task_id];
      if (isClosed(change.project) || !holdsTask(current, task.attempt)) throw new LostClaim();
      const answer = (after: Change) => {
        const latest = after.tasks[task.task_id] ?? current;
        const context_id = findEffect(latest.effects, name)?.outcome ?? "";
        return { change: after, task: latest, context_id };
      };
      if (findEffect(current.effects, name)) return { change, answer };
      const { project_id, agent_type: source_agent } = task;
      const artifact_metadata = { task_id: task.task_id };
      const fields = { project_id, source_agent, artifact_type, artifact_metadata, sha256 };
      const artifact = nextVersion(undefined, fields, moment);
      const what = `Kept a new artifact (${artifact_type})`;
      const effect = { key: name, what, digest: "", outcome: artifact.context_id };
      const remembered = { ...current, effects: addEffect(current.effects, effect) };
      const edits = [saveArtifact(artifact, bytes, task), putTask(remembered)];
      return { change: apply(change, ...edits), answer };
    },
  });
};

/** The context store of the held task's own project. */
export const openAgentContext = (deps: AgentContextDeps, hold: Hold): AgentTools["context"] => ({
  list: async () => {
    const page = { after: null, limit: mostListed };
    const { items } = await deps.listArtifacts(keyOf(hold.held()), page);
    return items.map(headOf);
  },
  read: (...asked) => read(deps, hold.held(), asked),
  write: async (note) => {
    let id = "";
    await hold.write(async (held) => {
      const { context_id, ...next } = await write(deps, held, note);
      id = context_id;
      return next;
    });
    return id;
  },
});
