import type { AgentContext } from "../../agents/context.ts";
import type { CallTranscript } from "../../domain/budget/call-record.ts";
import { addMs, type ProjectKey } from "../../domain/common.ts";
import { type LeasedTask, projectKeyOf } from "./claim-task.ts";

export type CallTranscriptDeps = {
  /** Milliseconds for which transcripts are kept; null to keep none. */
  transcriptsMs: number | null;
  saveTranscript: (key: ProjectKey, transcript: CallTranscript) => Promise<void>;
  now: () => Date;
  onTranscriptLost: (call_id: string, error: unknown) => void;
};

/** Opens the keeping of transcripts for the model calls of a task. One that cannot be stored is lost, and the work goes on. */
export const openCallTranscripts =
  (deps: CallTranscriptDeps, leased: LeasedTask): AgentContext["keepTranscript"] =>
  async (call_id, make) => {
    const { transcriptsMs, saveTranscript, now, onTranscriptLost } = deps;
    if (transcriptsMs === null) return;
    const { task_id } = leased.task;
    const expires_at = addMs(now().toISOString(), transcriptsMs);
    try {
      const transcript = { task_id, call_id, expires_at, content: make() };
      await saveTranscript(projectKeyOf(leased), transcript);
    } catch (error) {
      onTranscriptLost(call_id, error);
    }
  };
