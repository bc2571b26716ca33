import type { AgentTools } from "../../agents/context.ts";
import { maxContentBytes } from "../../domain/artifact/artifact.ts";
import { put } from "../../domain/change.ts";
import type { Json } from "../../domain/json.ts";
import type { ArtifactDeps } from "../artifacts/artifacts.ts";
import { type SurelyDeps, surely } from "../retry-transient.ts";
import type { Held } from "./claim-task.ts";
import { editHeld, type Hold, type HoldDeps, harmlessly } from "./hold-lease.ts";

export type TranscriptDeps = SurelyDeps & Pick<ArtifactDeps, "digest" | "keepContent">;

/** The digest of a transcript that is kept. One that no item holds is dropped: the agent then starts from the beginning. */
export const keepTranscript = async (
  deps: TranscriptDeps,
  { change, task }: Held,
  transcript: Json | undefined,
): Promise<string | null> => {
  if (transcript === undefined || transcript === null) return null;
  const { sha256, bytes } = deps.digest(transcript);
  if (bytes > maxContentBytes) return null;
  const key = { tenant: change.tenant, project_id: task.project_id };
  await surely(deps, () => deps.keepContent(key, { sha256, content: transcript }));
  return sha256;
};

/** Lets the next attempt go on from where this one is. */
export const openCheckpoint =
  (deps: TranscriptDeps & HoldDeps, hold: Hold): AgentTools["checkpoint"] =>
  (kept) =>
    harmlessly(hold, async () => {
      const transcript = await keepTranscript(deps, hold.held(), kept);
      if (transcript === null) return;
      await hold.write((held) =>
        editHeld(deps, held, (task) => put("tasks", { ...task, transcript })),
      );
    });
