import * as z from "zod";
import { addMs, Instant } from "../common.ts";

/** How a provider has been doing lately, as all processes know it: one record per provider. */
export const Breaker = z.object({
  provider: z.string(),
  /** `closed`: calls go through. `open`: none. `half_open`: one, which finds out. */
  state: z.enum(["closed", "open", "half_open"]),
  /** In a row. */
  failures: z.int().min(0),
  opened_at: Instant.nullable(),
  open_until: Instant.nullable(),
  /** Deadline of the half-open probe; also identifies it. */
  probe_until: Instant.nullable(),
  last_error: z.object({ code: z.string(), at: Instant }).nullable(),
  last_success_at: Instant.nullable(),
  /** Of the last successful call. */
  latency_ms: z.int().min(0).nullable(),
  /** Counts the writes; 0 when it was never written. */
  rev: z.int().min(0),
});
export type Breaker = z.infer<typeof Breaker>;

/** How a call ended. Where it failed, who reports it has decided whose fault that is. */
export type CallOutcome = { ok: true; latency_ms: number } | FailedCall;

export type FailedCall = {
  ok: false;
  /**
   * `provider`: it counts against the provider. `request`: the provider answered, and what was asked was wrong.
   * `cancelled`: called off, or never made; it says nothing about the provider.
   */
  fault: "provider" | "request" | "cancelled";
  code: string;
  /** No other call fares better before somebody changes the settings. Of use where the fault is the provider's. */
  opens: boolean;
  /** The pause that the provider asks for; 0 for none. */
  retry_after_ms: number;
};

const failuresToOpen = 5;
const firstOpenMs = 30_000;
/** Doubling ends here. */
const maxOpenMs = 300_000;
/** A provider that asks for a longer pause than this gets it. */
const longPauseMs = 10_000;
/** More than that is taken for a mistake. */
const maxPauseMs = 86_400_000;
/** A success that changes nothing is written this often, for whoever wants to see when it was. */
const successNoteMs = 60_000;

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
  rev: 0,
});

export type Admission =
  | { kind: "allowed" }
  | { kind: "refused"; retry_at: string }
  /** Allowed once this is written: of many who want to try, one can. */
  | { kind: "probe"; breaker: Breaker };

/** Whether a call may go out now. A try whose end nobody told is over after `probeMs`. */
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

type CallMoment = {
  now: string;
  /** Whether this call was the one that tries. */
  probing: boolean;
};

const afterSuccess = (breaker: Breaker, latencyMs: number, { now, probing }: CallMoment) => {
  if (breaker.state !== "closed" && !probing) return null;
  const { last_success_at } = breaker;
  const isNoted = last_success_at !== null && now < addMs(last_success_at, successNoteMs);
  if (breaker.state === "closed" && breaker.failures === 0 && isNoted) return null;
  const latency_ms = Math.max(0, Math.round(latencyMs));
  return { ...closed(breaker), last_success_at: now, latency_ms };
};

const pauseOf = ({ retry_after_ms }: FailedCall): number =>
  retry_after_ms > longPauseMs ? Math.min(retry_after_ms, maxPauseMs) : 0;

/** After a try that failed: twice as long as before. */
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

/** A call that went out before the circuit opened can only make the pause longer. */
const afterLateFailure = (breaker: Breaker, failure: FailedCall, now: string): Breaker | null => {
  const pauseMs = pauseOf(failure);
  const until = addMs(now, pauseMs);
  const isLonger = breaker.state === "open" && pauseMs > 0 && until > (breaker.open_until ?? now);
  return isLonger ? { ...breaker, open_until: until } : null;
};

const afterFailure = (
  breaker: Breaker,
  failure: FailedCall,
  moment: CallMoment,
): Breaker | null => {
  const { now, probing } = moment;
  if (breaker.state !== "closed" && !probing) return afterLateFailure(breaker, failure, now);
  const failures = breaker.failures + 1;
  const pauseMs = pauseOf(failure);
  const counted = {
    ...breaker,
    failures,
    last_error: { code: failure.code.slice(0, 60), at: now },
  };
  const opens = failure.opens || pauseMs > 0;
  if (!probing && !opens && failures < failuresToOpen) return counted;
  const openMs = probing ? nextOpenMs(breaker) : firstOpenMs;
  return opened(counted, pauseMs > 0 ? Math.max(pauseMs, probing ? openMs : 0) : openMs, now);
};

/** A probe that was called off: the next call probes. */
const probeAgain = (breaker: Breaker): Breaker => ({
  ...breaker,
  state: "open",
  probe_until: null,
});

/** The record after a call; null when there is nothing to write. */
export const afterCall = (
  breaker: Breaker,
  outcome: CallOutcome,
  moment: CallMoment,
): Breaker | null => {
  if (outcome.ok) return afterSuccess(breaker, outcome.latency_ms, moment);
  if (outcome.fault === "provider") return afterFailure(breaker, outcome, moment);
  if (!moment.probing) return null;
  return outcome.fault === "cancelled" ? probeAgain(breaker) : closed(breaker);
};
