import * as z from "zod";
import { ArtifactRef } from "../artifact/artifact.ts";
import { LimitQuestion } from "../budget/limit.ts";
import { Id, Instant, plainText, text, truncate } from "../common.ts";
import { Json } from "../json.ts";
import { move } from "../state-machine.ts";

export const HitlStatus = z
  .enum(["pending", "approved", "rejected", "amended", "expired", "cancelled"])
  .meta({ id: "HitlStatus" });
export type HitlStatus = z.infer<typeof HitlStatus>;

export const HitlAction = z.enum(["approve", "reject", "amend"]).meta({ id: "HitlAction" });
export type HitlAction = z.infer<typeof HitlAction>;

/** Most characters of a question. A longer question of an agent is truncated. */
const maxQuestionCharacters = 4_000;

/** Truncates a question to what is stored. The response comes back with the same text. */
export const asAsked = (question: string): string =>
  truncate(question, maxQuestionCharacters).trim();

export const Question = text(1, maxQuestionCharacters);
export const Options = z.array(text(1, 200)).max(20);
export const Comment = plainText(2_000);

export const HistoryEntry = z
  .object({
    timestamp: Instant,
    action: z.enum(["created", "approve", "reject", "amend", "expire", "cancel"]),
    user_id: z.string().nullable(),
    content: Json.nullable(),
    comment: z.string().nullable(),
  })
  .meta({ id: "HitlHistoryEntry" });

export const HitlRequest = z
  .object({
    request_id: Id,
    project_id: Id,
    task_id: Id,
    question: Question,
    options: Options,
    waiting_tasks: z
      .int()
      .min(1)
      .default(1)
      .meta({ description: "How many tasks wait for the answer. More than one only at a limit." }),
    status: HitlStatus,
    context_ids: z
      .array(ArtifactRef)
      .meta({ description: "What is to be judged, as it was when the question was asked." }),
    user_response: HitlAction.nullable(),
    response_comment: z.string().nullable(),
    amended_content: Json.nullable(),
    responded_by: z.string().nullable(),
    created_at: Instant,
    updated_at: Instant,
    expires_at: Instant,
    responded_at: Instant.nullable(),
    history: z.array(HistoryEntry).meta({ description: "Oldest first, append-only." }),
  })
  .meta({ id: "HitlRequest" });
export type HitlRequest = z.infer<typeof HitlRequest>;

/** Why a person was asked. It decides what a response does. */
export const RequestKind = z.enum(["gate", "question", "failure", "tests", "budget"]);
export type RequestKind = z.infer<typeof RequestKind>;

export const RequestRecord = HitlRequest.extend({
  rev: z.int(),
  kind: RequestKind,
  /** The limit that a request of kind `budget` is about. */
  about: LimitQuestion.nullable().default(null),
});
export type RequestRecord = z.infer<typeof RequestRecord>;

export const failureOptions = ["retry", "skip", "cancel"] as const;
export type FailureOption = (typeof failureOptions)[number];

/** How long a request stays open when its opener does not say. */
export const defaultExpirySeconds = 86_400;

export const hitlMoves = {
  approve: { from: ["pending"], to: "approved" },
  reject: { from: ["pending"], to: "rejected" },
  amend: { from: ["pending"], to: "amended" },
  expire: { from: ["pending"], to: "expired" },
  cancel: { from: ["pending"], to: "cancelled" },
} as const satisfies Record<string, { from: readonly HitlStatus[]; to: HitlStatus }>;

export type HitlMove = keyof typeof hitlMoves;

/**
 * Gives the request's status after a move.
 *
 * @throws Problem `conflict` when the status does not allow the move
 */
export const moveHitl = (status: HitlStatus, name: HitlMove): HitlStatus =>
  /* guard: moves of a request */ move("request", hitlMoves, status, name);

/** Tells whether a pending request's time is over. */
export const isExpired = (request: HitlRequest, now: string): boolean =>
  request.status === "pending" && request.expires_at <= now;

/** Gives the instant at which a pending request's time is over; null for one that is closed. */
export const requestDue = ({ status, expires_at }: HitlRequest): string | null =>
  status === "pending" ? expires_at : null;
