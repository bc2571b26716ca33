import { failureKinds } from "../../agents/providers/refusal.ts";
import { wires } from "../../agents/providers/wires.ts";
import { type Breaker, isFailing, newBreaker } from "../../domain/budget/breaker.ts";
import { heldLessons } from "../../domain/budget/lessons.ts";
import { addMs } from "../../domain/common.ts";
import type { Provider } from "../../settings/providers.ts";
import { abortable } from "../abortable.ts";
import { cachedFor, type Finding, failureText, type HealthStatus, wordsByName } from "./health.ts";

export type ProviderHealthDeps = {
  providers: readonly Provider[];
  /** The first choice of each agent: `provider/model`, or `offline`. */
  agents: Readonly<Record<string, string>>;
  /** Gives the HTTP status of the answer. Rejects when there is no answer. */
  probe: (provider: Provider, signal: AbortSignal) => Promise<number>;
  loadBreaker: (provider: string) => Promise<Breaker | null>;
  now: () => Date;
  /** Milliseconds of a clock that only runs forward. */
  tick: () => number;
  timeout: (ms: number) => AbortSignal;
  onError: (name: string, error: unknown) => void;
};

/** Milliseconds for one provider: less than for a whole component, so that the answer can name the silent provider. */
const deadlineMs = 1_800;
/** Milliseconds for which a finding is used again: a poller does not cause a call of the providers each time. */
const cacheMs = 10_000;

type ProbeResult = { reachable: boolean; status: HealthStatus; message: string };

const resultOf = (provider: Provider, status: number): ProbeResult => {
  if (wires[provider.api].probe.keyRefused.includes(status)) {
    return { reachable: true, status: "unhealthy", message: `The key is refused (${status}).` };
  }
  if (status >= 500) return { reachable: true, status: "degraded", message: `Answers ${status}.` };
  return { reachable: true, status: "healthy", message: "Answers." };
};

const probeOne = async (
  deps: ProviderHealthDeps,
  provider: Provider,
): Promise<ProbeResult & { latency_ms: number }> => {
  const started = deps.tick();
  const signal = deps.timeout(deadlineMs);
  const latency = () => Math.round(deps.tick() - started);
  try {
    const status = await abortable(signal, deps.probe(provider, signal));
    return { ...resultOf(provider, status), latency_ms: latency() };
  } catch (error) {
    deps.onError(`llm_providers: ${provider.name}`, error);
    const message = failureText(signal, deadlineMs, error);
    return { reachable: false, status: "unhealthy", message, latency_ms: latency() };
  }
};

/** Reads the circuit breaker. When that fails the provider counts as new: the table has a component of its own. */
const recordOf = async (deps: ProviderHealthDeps, { name }: Provider): Promise<Breaker> => {
  try {
    const found = await abortable(deps.timeout(deadlineMs), deps.loadBreaker(name));
    return found ?? newBreaker(name);
  } catch {
    return newBreaker(name);
  }
};

/** Milliseconds for which a failure that passes by itself is told, when no call came after it. */
const passingMs = 300_000;

type LastFailure = { words: string; opens: boolean; retryable: boolean };

/** Gives the kind of the last model call, if that failed; null when it did not, or passed long ago. */
const lastFailureOf = (breaker: Breaker, now: string): LastFailure | null => {
  const { last_error } = breaker;
  if (!last_error || !isFailing(breaker)) return null;
  const kind: LastFailure = Object.hasOwn(failureKinds, last_error.code)
    ? failureKinds[last_error.code as keyof typeof failureKinds]
    : { words: last_error.code, opens: false, retryable: true };
  return kind.retryable && now > addMs(last_error.at, passingMs) ? null : kind;
};

const nextCallOf = ({ state, open_until }: Breaker, now: string): string | null => {
  if (state === "closed") return null;
  return open_until && now < open_until
    ? `none goes out until ${open_until}`
    : "the next one finds out";
};

/** Worsens a healthy result when recent model calls failed: the probe only lists models, it calls none. */
const withCalls = (answer: ProbeResult, breaker: Breaker, now: string): ProbeResult => {
  const [failure, next] = [lastFailureOf(breaker, now), nextCallOf(breaker, now)];
  if (answer.status !== "healthy" || (!failure && !next)) return answer;
  const reasons = [failure?.words, next].filter((reason) => reason).join("; ");
  const status = failure?.opens ? "unhealthy" : "degraded";
  return { ...answer, status, message: `Answers, but calls failed: ${reasons}.` };
};

const examine = async (deps: ProviderHealthDeps, provider: Provider) => {
  const [{ latency_ms, ...answer }, breaker] = await Promise.all([
    probeOne(deps, provider),
    recordOf(deps, provider),
  ]);
  const now = deps.now().toISOString();
  const { reachable, status, message } = withCalls(answer, breaker, now);
  return {
    name: provider.name,
    api: provider.api,
    configured: true,
    reachable,
    status,
    message,
    latency_ms,
    model: provider.model,
    circuit: breaker.state,
    last_error: breaker.last_error && { code: breaker.last_error.code, at: breaker.last_error.at },
    /** For operators only: anybody may read the rest. */
    said: breaker.last_error?.said,
    last_success_at: breaker.last_success_at,
    lessons: heldLessons(breaker.lessons, now),
    last_doubt: breaker.last_doubt && {
      model: breaker.last_doubt.model,
      at: breaker.last_doubt.at,
    },
    /** For operators only, too: it has the size of a prompt. */
    doubted: breaker.last_doubt?.reason,
  };
};

type Examined = Omit<Awaited<ReturnType<typeof examine>>, "said" | "doubted">;

const overall = (all: readonly Examined[]): { status: HealthStatus; message: string } => {
  const unwell = all.filter(({ status }) => status !== "healthy").map(({ name }) => name);
  if (unwell.length === 0) return { status: "healthy", message: "All model providers answer." };
  if (all.every(({ status }) => status === "unhealthy")) {
    return { status: "unhealthy", message: "No model provider can be used." };
  }
  return { status: "degraded", message: `Not well: ${unwell.join(", ")}.` };
};

const noProviders: Finding = {
  message: "No model provider is configured: the offline agents do the work.",
  details: { providers: [], agents: "offline" },
};

const examineAll = async (deps: ProviderHealthDeps): Promise<Finding> => {
  const examined = await Promise.all(deps.providers.map((provider) => examine(deps, provider)));
  const providers = examined.map(({ said, doubted, ...provider }) => provider);
  const details = { providers, agents: deps.agents };
  const doubted = wordsByName(examined.map(({ name, doubted: said }) => ({ name, said })));
  const forOperators = { said: wordsByName(examined), doubted };
  return { ...overall(providers), details, forOperators };
};

/** Opens the health component of the model providers: probes each, and adds how recent calls ended. One per process. */
export const openProviderHealth = (deps: ProviderHealthDeps): (() => Promise<Finding>) => {
  const examined = cachedFor(cacheMs, deps.tick, () => examineAll(deps));
  return async () => (deps.providers.length === 0 ? noProviders : examined());
};
