import type { AgentContext, ContextItem } from "../../agents/context.ts";
import { maxContentBytes } from "../../domain/artifact/artifact.ts";
import { nextVersion, saveArtifact } from "../../domain/artifact/save-artifact.ts";
import { apply, put } from "../../domain/change.ts";
import { wellFormed } from "../../domain/json.ts";
import { Problem } from "../../domain/problem.ts";
import { addSideEffect, findSideEffect } from "../../domain/task/side-effect.ts";
import type { ArtifactDeps } from "../artifacts/artifacts.ts";
import type { Commit } from "../commit/commit.ts";
import { headOf, itemOf } from "./agent-request.ts";
import { type LeasedTask, projectKeyOf } from "./claim-task.ts";
import { editLeased, type Lease } from "./hold-lease.ts";

export type AgentContextDeps = Omit<ArtifactDeps, "loadProject"> & { commit: Commit };

/** Artifacts that an agent sees in a list; a project has few. */
const maxListed = 200;

const isNotFound = (error: unknown) => error instanceof Problem && error.code === "not-found";

const read = async (
  deps: AgentContextDeps,
  leased: LeasedTask,
  [context_id, version]: Parameters<AgentContext["context"]["read"]>,
): Promise<ContextItem | null> => {
  const key = projectKeyOf(leased);
  const found = await deps.findArtifact(key.tenant, context_id, version).catch((error: unknown) => {
    if (isNotFound(error)) return null;
    throw error;
  });
  if (!found || found.project_id !== key.project_id) return null;
  const contents = await deps.loadContents(key, [found.sha256]);
  return itemOf(found, contents);
};

const write = async (
  deps: AgentContextDeps,
  leased: LeasedTask,
  { key, artifact_type, ...note }: Parameters<AgentContext["context"]["write"]>[0],
): Promise<LeasedTask> => {
  const content = wellFormed(note.content);
  const { sha256, bytes } = deps.digest(content);
  if (bytes > maxContentBytes) {
    throw new Problem("too-large", `The content is ${bytes} bytes.`, {
      extensions: { max_bytes: maxContentBytes },
    });
  }
  await deps.keepContent(projectKeyOf(leased), { sha256, content });
  return editLeased(deps, leased, (task, moment) => {
    if (/* guard: what is kept under one key is one artifact */ findSideEffect(task.effects, key))
      return (change) => change;
    const { project_id, task_id, agent_type: source_agent } = task;
    const artifact_metadata = { task_id };
    const fields = { project_id, source_agent, artifact_type, artifact_metadata, sha256 };
    const artifact = nextVersion(undefined, fields, moment);
    const what = `Kept a new artifact (${artifact_type})`;
    const effect = { key, what, digest: "", outcome: artifact.context_id };
    const remembered = { ...task, effects: addSideEffect(task.effects, effect) };
    return (change) => apply(change, saveArtifact(artifact, bytes, task), put("tasks", remembered));
  });
};

/**
 * Opens the artifacts of the leased task's own project to its agent: it lists, reads and writes them.
 *
 * @throws from `write`: Problem `too-large` for a content above `maxContentBytes`; LeaseLost
 */
export const openAgentContext = (
  deps: AgentContextDeps,
  lease: Lease,
): AgentContext["context"] => ({
  list: async () => {
    const page = { after: null, limit: maxListed };
    const { items } = await deps.listArtifacts(projectKeyOf(lease.leased()), page);
    return items.map(headOf);
  },
  read: (...args) => read(deps, lease.leased(), args),
  write: async (input) => {
    await lease.write((leased) => write(deps, leased, input));
    return findSideEffect(lease.leased().task.effects, input.key)?.outcome ?? "";
  },
});
