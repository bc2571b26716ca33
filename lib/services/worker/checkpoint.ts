import type { AgentContext } from "../../agents/context.ts";
import { maxContentBytes } from "../../domain/artifact/artifact.ts";
import { put } from "../../domain/change.ts";
import { type Json, wellFormed } from "../../domain/json.ts";
import type { ArtifactDeps } from "../artifacts/artifacts.ts";
import { type RetryDeps, retryTransient } from "../retry-transient.ts";
import { type LeasedTask, projectKeyOf } from "./claim-task.ts";
import { editLeased, ignoreUnlessLost, type Lease, type LeaseDeps } from "./hold-lease.ts";

export type TranscriptDeps = RetryDeps & Pick<ArtifactDeps, "digest" | "keepContent">;

/**
 * Stores a transcript and gives its digest. Gives null when there is none, and when it is larger than `maxContentBytes`:
 * then the agent starts from the beginning.
 *
 * @throws an error of the table when its retries are over
 */
export const keepTranscript = async (
  deps: TranscriptDeps,
  leased: LeasedTask,
  transcript: Json | undefined,
): Promise<string | null> => {
  if (transcript === undefined || transcript === null) return null;
  const content = wellFormed(transcript);
  const { sha256, bytes } = deps.digest(content);
  if (bytes > maxContentBytes) return null;
  await retryTransient(deps, () => deps.keepContent(projectKeyOf(leased), { sha256, content }));
  return sha256;
};

/** Opens the checkpoint of an attempt: the next attempt continues from the transcript kept last. @throws LeaseLost */
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
