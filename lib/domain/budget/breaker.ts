import * as z from "zod";
import { addMs, Instant } from "../common.ts";
import { Doubt } from "./doubt.ts";
import { Lesson } from "./lessons.ts";

/** The circuit breaker of a provider. All processes share one record for each provider. */
export const Breaker = z.object({
  provider: z.string(),
  /** `closed` lets calls through, `open` lets none through, `half_open` lets one through: the probe. */
  state: z.enum(["closed", "open", "half_open"]),
  /** Counts failed calls in a row. */
  failures: z.int().min(0),
  opened_at: Instant.nullable(),
  open_until: Instant.nullable(),
  /** Deadline of the half-open probe; also identifies it. */
  probe_until: Instant.nullable(),
  /** `said` is what the provider said, cleaned and bounded. */
  last_error: z.object({ code: z.string(), at: Instant, said: z.string().default("") }).nullable(),
  last_success_at: Instant.nullable(),
  /** How long the last successful call took. */
  latency_ms: z.int().min(0).nullable(),
  /** What its refusals have shown. Records of older code have none; what cannot be read is forgotten. */
  lessons: z.array(Lesson).catch([]).default([]),
  /** The last count of tokens that was not believed. Records of older code have none. */
  last_doubt: Doubt.nullable().catch(null).default(null),
  /** Counts the writes; 0 before the first one. */
  rev: z.int().min(0),
});
export type Breaker = z.infer<typeof Breaker>;

/** How a call ended. The reporter of a failed call says whose fault it was. */
export type CallOutcome = { ok: true; latency_ms: number } | FailedCall;

export type FailedCall = {
  ok: false;
  /**
   * `provider`: the failure counts against the provider. `request`: the provider refuses what it is asked for, and may do so
   * each time: noted, but not counted. `question`: it cannot answer this question. `cancelled`: the call was cancelled or never
   * made. The last two say nothing about the provider.
   */
  fault: "provider" | "request" | "question" | "cancelled";
  code: string;
  /** True when every other call will fail too until somebody changes the settings. Only used with the fault `provider`. */
  opens: boolean;
  /** How long the provider asks callers to wait; 0 when it does not ask. */
  retry_after_ms: number;
  /** What the provider said, for the operator: one line without keys and without the prompt. */
  said: string;
};

/** So many failures in a row open a closed breaker. */
const failuresToOpen = 5;
/** How long a breaker is open for the first time. After each failed probe it is open twice as long, up to `maxOpenMs`. */
const firstOpenMs = 30_000;
const maxOpenMs = 300_000;
/** A longer pause that a provider asks for opens the breaker for that time. */
const longPauseMs = 10_000;
/** A longer pause is shortened to this: more is taken for a mistake. */
const maxPauseMs = 86_400_000;
/** A success or a refusal that changes nothing else is written at most this often, so that operators see the time of the last one. */
const noteMs = 60_000;

/** Makes the closed breaker of a provider that was never called. */
export const newBreaker = (provider: string): Breaker => ({
  provider,
  state: "closed",
  failures: 0,
  opened_at: null,
  open_until: null,
  probe_until: null,
  last_error: null,
  last_success_at: null,
  latency_ms: null,
  lessons: [],
  last_doubt: null,
  rev: 0,
});

export type Admission =
  | { kind: "allowed" }
  | { kind: "refused"; retry_at: string }
  /** Allowed when this record was written. Of several callers that want to probe, only one can write it. */
  | { kind: "probe"; breaker: Breaker };

/**
 * Decides whether a call may go out now.
 *
 * @param probeMs how long a probe has until the next call may probe, if its end is never reported
 */
export const admissionOf = (breaker: Breaker, now: string, probeMs: number): Admission => {
  if (breaker.state === "closed") return { kind: "allowed" };
  const retry_at = breaker.state === "open" ? breaker.open_until : breaker.probe_until;
  if (retry_at && now < retry_at) return { kind: "refused", retry_at };
  const probe_until = addMs(now, probeMs);
  return { kind: "probe", breaker: { ...breaker, state: "half_open", probe_until } };
};

const closed = (breaker: Breaker): Breaker => ({
  ...breaker,
  state: "closed",
  failures: 0,
  opened_at: null,
  open_until: null,
  probe_until: null,
});

/** Whether the last call that is noted failed. */
export const isFailing = ({ last_error, last_success_at }: Breaker): boolean =>
  last_error !== null && (last_success_at === null || last_error.at > last_success_at);

type CallMoment = {
  now: string;
  /** Whether this call was the probe. */
  probing: boolean;
};

const afterSuccess = (breaker: Breaker, latencyMs: number, { now, probing }: CallMoment) => {
  if (breaker.state !== "closed" && !probing) return null;
  const { last_success_at } = breaker;
  const isNoted = last_success_at !== null && now < addMs(last_success_at, noteMs);
  const isKnown = isNoted && !isFailing(breaker);
  if (breaker.state === "closed" && breaker.failures === 0 && isKnown) return null;
  const latency_ms = Math.max(0, Math.round(latencyMs));
  return { ...closed(breaker), last_success_at: now, latency_ms };
};

const pauseOf = ({ retry_after_ms }: FailedCall): number =>
  retry_after_ms > longPauseMs ? Math.min(retry_after_ms, maxPauseMs) : 0;

/** Computes how long the breaker is open after a failed probe: twice as long as before. */
const nextOpenMs = ({ opened_at, open_until }: Breaker): number => {
  const before = opened_at && open_until ? Date.parse(open_until) - Date.parse(opened_at) : 0;
  return Math.min(maxOpenMs, Math.max(firstOpenMs, 2 * before));
};

const opened = (breaker: Breaker, ms: number, now: string): Breaker => ({
  ...breaker,
  state: "open",
  opened_at: now,
  open_until: addMs(now, ms),
  probe_until: null,
});

/** Handles the failure of a call that went out before the breaker opened. Such a call can only make the pause longer. */
const afterLateFailure = (breaker: Breaker, failure: FailedCall, now: string): Breaker | null => {
  const pauseMs = pauseOf(failure);
  const until = addMs(now, pauseMs);
  const isLonger = breaker.state === "open" && pauseMs > 0 && until > (breaker.open_until ?? now);
  return isLonger ? { ...breaker, open_until: until } : null;
};

const withError = (breaker: Breaker, { code, said }: FailedCall, now: string): Breaker => ({
  ...breaker,
  last_error: { code: code.slice(0, 60), at: now, said: said.slice(0, 300) },
});

const afterFailure = (
  breaker: Breaker,
  failure: FailedCall,
  moment: CallMoment,
): Breaker | null => {
  const { now, probing } = moment;
  if (breaker.state !== "closed" && !probing) return afterLateFailure(breaker, failure, now);
  const failures = breaker.failures + 1;
  const pauseMs = pauseOf(failure);
  const counted = { ...withError(breaker, failure, now), failures };
  const opens = failure.opens || pauseMs > 0;
  if (!probing && !opens && failures < failuresToOpen) return counted;
  const openMs = probing ? nextOpenMs(breaker) : firstOpenMs;
  return opened(counted, pauseMs > 0 ? Math.max(pauseMs, probing ? openMs : 0) : openMs, now);
};

/** Notes a refusal, which does not count: unless the same one is noted already. */
const afterRefusal = (
  breaker: Breaker,
  failure: FailedCall,
  { now, probing }: CallMoment,
): Breaker | null => {
  if (breaker.state !== "closed" && !probing) return null;
  const { last_error } = breaker;
  const isNoted = last_error?.code === failure.code && now < addMs(last_error.at, noteMs);
  if (breaker.state === "closed" && isNoted && isFailing(breaker)) return null;
  return withError(probing ? closed(breaker) : breaker, failure, now);
};

/** Lets the next call probe, after a probe that was cancelled. */
const probeAgain = (breaker: Breaker): Breaker => ({
  ...breaker,
  state: "open",
  probe_until: null,
});

/** Gives the breaker after a call; null when there is nothing to write. */
export const afterCall = (
  breaker: Breaker,
  outcome: CallOutcome,
  moment: CallMoment,
): Breaker | null => {
  if (outcome.ok) return afterSuccess(breaker, outcome.latency_ms, moment);
  if (outcome.fault === "provider") return afterFailure(breaker, outcome, moment);
  if (outcome.fault === "request") return afterRefusal(breaker, outcome, moment);
  if (!moment.probing) return null;
  return outcome.fault === "cancelled" ? probeAgain(breaker) : closed(breaker);
};
