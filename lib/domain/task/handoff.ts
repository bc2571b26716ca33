import * as z from "zod";
import { ArtifactType } from "../artifact/artifact-type.ts";
import { Id, Instant, Phase, text } from "../common.ts";
import { JsonObject } from "../json.ts";
import { AgentType } from "../project/agent.ts";
import { move } from "../state-machine.ts";

export const HandoffStatus = z
  .enum(["pending", "accepted", "rejected", "completed"])
  .meta({ id: "HandoffStatus" });
export type HandoffStatus = z.infer<typeof HandoffStatus>;

export const Handoff = z
  .object({
    handoff_id: Id,
    project_id: Id,
    from_agent: AgentType,
    to_agent: AgentType,
    phase: Phase,
    instructions: text(10, 5_000),
    context_ids: z.array(Id),
    expected_outputs: z.array(ArtifactType),
    priority: z.int().min(1).max(5),
    status: HandoffStatus,
    metadata: JsonObject,
    created_at: Instant,
    accepted_at: Instant.nullable(),
    completed_at: Instant.nullable(),
  })
  .meta({ id: "Handoff", description: "One agent's work, handed to the next." });
export type Handoff = z.infer<typeof Handoff>;

export const handoffMoves = {
  accept: { from: ["pending", "accepted"], to: "accepted" },
  complete: { from: ["accepted"], to: "completed" },
  reject: { from: ["pending", "accepted"], to: "rejected" },
  reopen: { from: ["pending", "accepted", "rejected", "completed"], to: "pending" },
} as const satisfies Record<string, { from: readonly HandoffStatus[]; to: HandoffStatus }>;

type HandoffMove = keyof typeof handoffMoves;

const stamps = {
  accept: (now: string) => ({ accepted_at: now }),
  complete: (now: string) => ({ completed_at: now }),
  reject: () => ({}),
  reopen: () => ({ accepted_at: null, completed_at: null }),
} as const satisfies Record<HandoffMove, (now: string) => Partial<Handoff>>;

/**
 * Gives the handoff after a move, with the instant of the move.
 *
 * @throws Problem `conflict` when the handoff's status does not allow the move
 */
export const moveHandoff = (handoff: Handoff, name: HandoffMove, now: string): Handoff => ({
  ...handoff,
  ...stamps[name](now),
  status: move("handoff", handoffMoves, handoff.status, name),
});
