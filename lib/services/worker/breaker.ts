import {
  admissionOf,
  afterCall,
  type Breaker,
  type CallOutcome,
  newBreaker,
} from "../../domain/budget/breaker.ts";
import { type Doubt, nextDoubt } from "../../domain/budget/doubt.ts";
import { addLesson, heldLessons, type Lesson } from "../../domain/budget/lessons.ts";
import { addMs } from "../../domain/common.ts";

export type BreakerDeps = {
  loadBreaker: (provider: string) => Promise<Breaker | null>;
  /** Gives null when another process has written the record since it was read. */
  saveBreaker: (breaker: Breaker) => Promise<Breaker | null>;
  now: () => Date;
  /** The longest that a call of a model may take. */
  callTimeoutMs: number;
  onError: (error: unknown, about: { provider: string }) => void;
  /** Is told what was learnt from a refusal, for the operator's log. */
  onLesson: (provider: string, lesson: Lesson) => void;
  /** Is told of a count of tokens that was not believed, for the operator's log. */
  onDoubt: (provider: string, doubt: Omit<Doubt, "at">) => void;
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

/** Says whether a provider may be called, and records how calls ended. All processes share the record in the table. */
export type CircuitBreaker = {
  admit: (provider: string) => Promise<Admitted>;
  report: (provider: string, outcome: CallOutcome) => Promise<void>;
  lessons: (provider: string) => Promise<readonly Lesson[]>;
  learn: (provider: string, lesson: Lesson) => Promise<void>;
  doubt: (provider: string, doubt: Omit<Doubt, "at">) => Promise<void>;
};

const maxTries = 5;
/** How long a cached record is trusted, by state. */
const maxAgeMs = { closed: 5_000, open: 5_000, half_open: 1_000 } as const;
/** When a process loses every race for the probe, its call may be tried again after this time. */
const retryMs = 1_000;

/** Opens the cache of this process. Of calls that need the same record at the same time, one reads it for all. */
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

/** Opens what is learnt from refusals and counts. While the table does not answer, nothing is known, and what is learnt is lost. */
const openLessons = (
  { now, onError, onLesson, onDoubt }: BreakerDeps,
  { read, recent, save }: ReturnType<typeof openRecords>,
): Pick<CircuitBreaker, "lessons" | "learn" | "doubt"> => {
  const instant = () => now().toISOString();
  /** @param learn gives null when there is nothing to write */
  const record = async (
    provider: string,
    learn: (breaker: Breaker) => Breaker | null,
    round = 1,
  ): Promise<void> => {
    const next = learn(round === 1 ? await recent(provider) : await read(provider));
    if (!next || (await save(next))) return;
    if (round < maxTries) return record(provider, learn, round + 1);
    throw new Error(
      "What was learnt was not recorded: other processes wrote the record each time.",
    );
  };
  const recordOrTell = (provider: string, learn: (breaker: Breaker) => Breaker | null) =>
    record(provider, learn).catch((error: unknown) => onError(error, { provider }));
  return {
    lessons: async (provider) => {
      try {
        return heldLessons((await recent(provider)).lessons, instant());
      } catch (error) {
        onError(error, { provider });
        return [];
      }
    },
    learn: async (provider, lesson) => {
      onLesson(provider, lesson);
      await recordOrTell(provider, (breaker) => ({
        ...breaker,
        lessons: addLesson(breaker.lessons, lesson, instant()),
      }));
    },
    doubt: async (provider, doubt) => {
      onDoubt(provider, doubt);
      await recordOrTell(provider, (breaker) => {
        const last_doubt = nextDoubt(breaker.last_doubt, doubt, instant());
        return last_doubt && { ...breaker, last_doubt };
      });
    },
  };
};

/**
 * Opens the circuit breakers of all providers; one per process. It never rejects: while the table does not answer, every
 * call is admitted, its outcome is not recorded, and `onError` is called. Whoever is admitted must report how the call
 * ended, or that it was not made: a probe without a report blocks the provider for `callTimeoutMs`.
 *
 * @example
 * const { allowed } = await breaker.admit("openai");
 * await breaker.report("openai", { ok: true, latency_ms: 800 });
 */
export const openBreaker = (deps: BreakerDeps): CircuitBreaker => {
  const records = openRecords(deps);
  const { read, recent, save } = records;
  /** The probes of this process, by provider. The instant `probe_until` identifies a probe. */
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
    throw new Error(
      "The outcome of a call was not recorded: other processes wrote the record each time.",
    );
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
    ...openLessons(deps, records),
  };
};
