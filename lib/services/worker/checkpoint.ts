import type { AgentContext } from "../../agents/context.ts";
import { maxContentBytes } from "../../domain/artifact/artifact.ts";
import { put } from "../../domain/change.ts";
import type { Json } from "../../domain/json.ts";
import type { ArtifactDeps } from "../artifacts/artifacts.ts";
import { type RetryDeps, retryTransient } from "../retry-transient.ts";
import type { LeasedTask } from "./claim-task.ts";
import { editLeased, ignoreUnlessLost, type Lease, type LeaseDeps } from "./hold-lease.ts";

export type TranscriptDeps = RetryDeps & Pick<ArtifactDeps, "digest" | "keepContent">;

/** The digest of a transcript that is kept. One that no item holds is dropped: the agent then starts from the beginning. */
export const keepTranscript = async (
  deps: TranscriptDeps,
  { change, task }: LeasedTask,
  transcript: Json | undefined,
): Promise<string | null> => {
  if (transcript === undefined || transcript === null) return null;
  const { sha256, bytes } = deps.digest(transcript);
  if (bytes > maxContentBytes) return null;
  const key = { tenant: change.tenant, project_id: task.project_id };
  await retryTransient(deps, () => deps.keepContent(key, { sha256, content: transcript }));
  return sha256;
};

/** Lets the next attempt go on from where this one is. */
export const openCheckpoint =
  (deps: TranscriptDeps & LeaseDeps, lease: Lease): AgentContext["checkpoint"] =>
  (kept) =>
    ignoreUnlessLost(lease, async () => {
      const transcript = await keepTranscript(deps, lease.leased(), kept);
      if (transcript === null) return;
      await lease.write((leased) =>
        editLeased(deps, leased, (task) => put("tasks", { ...task, transcript })),
      );
    });
