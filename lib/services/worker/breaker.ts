import {
  admissionOf,
  afterCall,
  type Breaker,
  type CallOutcome,
  newBreaker,
} from "../../domain/budget/breaker.ts";
import { addMs } from "../../domain/common.ts";

export type BreakerDeps = {
  loadBreaker: (provider: string) => Promise<Breaker | null>;
  /** Null: somebody wrote it since it was read. */
  saveBreaker: (breaker: Breaker) => Promise<Breaker | null>;
  now: () => Date;
  /** How long a call of a model may take at the most. */
  callTimeoutMs: number;
  onError: (error: unknown, about: { provider: string }) => void;
};

type Admitted =
  | { allowed: true }
  /** `because` is the code of the failure that paused the provider. */
  | { allowed: false; retry_at: string; because: string | null };

const refused = ({ last_error }: Breaker, retry_at: string): Admitted => ({
  allowed: false,
  retry_at,
  because: last_error?.code ?? null,
});

/** Whether a provider may be called, and how calls ended: shared by all processes through the table. */
export type CircuitBreaker = {
  admit: (provider: string) => Promise<Admitted>;
  report: (provider: string, outcome: CallOutcome) => Promise<void>;
};

const maxTries = 5;
/** How long a cached record is trusted, by state. */
const maxAgeMs = { closed: 5_000, open: 5_000, half_open: 1_000 } as const;
const retryMs = 1_000;

/** The records as this process knows them, each read by one call at a time. */
const openRecords = ({ loadBreaker, saveBreaker, now }: BreakerDeps) => {
  const cache = new Map<string, { breaker: Breaker; at: number }>();
  const reading = new Map<string, Promise<Breaker>>();
  const toCache = (breaker: Breaker): Breaker => {
    cache.set(breaker.provider, { breaker, at: now().getTime() });
    return breaker;
  };
  const fetch = async (provider: string): Promise<Breaker> =>
    toCache((await loadBreaker(provider)) ?? newBreaker(provider));
  const read = (provider: string): Promise<Breaker> => {
    const running = reading.get(provider);
    if (running) return running;
    const started = fetch(provider).finally(() => reading.delete(provider));
    reading.set(provider, started);
    return started;
  };
  const recent = async (provider: string): Promise<Breaker> => {
    const { breaker, at } = cache.get(provider) ?? {};
    const isFresh = breaker && now().getTime() - (at ?? 0) < maxAgeMs[breaker.state];
    return isFresh ? breaker : read(provider);
  };
  const save = async (breaker: Breaker): Promise<Breaker | null> => {
    const saved = await saveBreaker(breaker);
    return saved && toCache(saved);
  };
  return { read, recent, save };
};

/**
 * One per process. It keeps nobody from working: while the table does not answer, every call is admitted and what it
 * came to is forgotten; `onError` hears of it. Who is admitted reports how the call ended, or that it was called off: a
 * probe that nobody reports blocks the provider for `callTimeoutMs`.
 *
 * @example
 * const { allowed } = await breaker.admit("openai");
 * await breaker.report("openai", { ok: true, latency_ms: 800 });
 */
export const openBreaker = (deps: BreakerDeps): CircuitBreaker => {
  const { read, recent, save } = openRecords(deps);
  /** The tries of this process, by provider: they are known by when they end. */
  const probes = new Map<string, string | null>();
  const instant = () => deps.now().toISOString();

  const decide = async (provider: string, breaker: Breaker, round = 1): Promise<Admitted> => {
    const admission = admissionOf(breaker, instant(), deps.callTimeoutMs);
    if (admission.kind === "allowed") return { allowed: true };
    if (admission.kind === "refused") return refused(breaker, admission.retry_at);
    const claimed = await save(admission.breaker);
    if (claimed) {
      probes.set(provider, claimed.probe_until);
      return { allowed: true };
    }
    if (round >= maxTries) return refused(breaker, addMs(instant(), retryMs));
    return decide(provider, await read(provider), round + 1);
  };

  const recordOutcome = async (provider: string, outcome: CallOutcome): Promise<void> => {
    let breaker = await recent(provider);
    for (let round = 0; round < maxTries; round += 1) {
      const probing = breaker.state === "half_open" && breaker.probe_until === probes.get(provider);
      const next = afterCall(breaker, outcome, { now: instant(), probing });
      if (!next) return;
      if (await save(next)) return;
      breaker = await read(provider);
    }
    throw new Error("What a call came to could not be written: others were faster each time.");
  };

  return {
    admit: async (provider) => {
      try {
        return await decide(provider, await recent(provider));
      } catch (error) {
        deps.onError(error, { provider });
        return { allowed: true };
      }
    },
    report: (provider, outcome) =>
      recordOutcome(provider, outcome).catch((error: unknown) => deps.onError(error, { provider })),
  };
};
