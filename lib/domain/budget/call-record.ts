import * as z from "zod";
import { Id, Instant, truncate } from "../common.ts";
import type { ReservedCall, SettledCall } from "./model-call.ts";

const count = z.int().nonnegative();

/** A settled call of a model, as operators read it. It is written in the commit that settles the call. */
export const CallRecord = z.object({
  task_id: Id,
  call_id: Id,
  attempt: z.int(),
  agent_type: z.string(),
  provider: z.string(),
  model: z.string(),
  purpose: z.string(),
  outcome: z.enum(["answered", "failed", "cancelled", "lost"]),
  error_code: z.string().nullable(),
  /** What the provider said about a failure: cleaned and truncated; null when it said nothing. */
  said: z.string().nullable(),
  started_at: Instant,
  duration_ms: count,
  input_tokens: count,
  cached_input_tokens: count,
  cache_write_input_tokens: count.default(0),
  output_tokens: count,
  estimated: z.boolean(),
  /** Which count of the provider cannot be, in words; null when it sent none, or all are believed. */
  estimated_because: z.string().nullable().default(null),
  price: z.enum(["listed", "assumed"]),
  /** In micro-dollars. */
  cost: count,
  rev: z.int(),
});
export type CallRecord = z.infer<typeof CallRecord>;

/** What was sent in a model call and what came back, until it expires. */
export type CallTranscript = {
  task_id: string;
  call_id: string;
  expires_at: string;
  /** JSON; long texts in it may be truncated. */
  content: unknown;
};

/** Gives the id of a call's record. A task's records have one beginning, and are listed in the order of its calls. */
export const callRecordId = ({ task_id, call_id }: Pick<CallRecord, "task_id" | "call_id">) =>
  `${task_id}:${call_id}`;

/** Characters of what a provider said. */
const maxSaidCharacters = 300;

/** Makes the record of a call that is settled. */
export const newCallRecord = (
  task_id: string,
  { started_at }: ReservedCall,
  { state, said = null, estimated_because, ...call }: SettledCall,
): CallRecord => ({
  task_id,
  started_at,
  said: said === null ? null : truncate(said, maxSaidCharacters),
  ...call,
  estimated_because: estimated_because ?? null,
  rev: 0,
});
