import { abortable } from "../abortable.ts";

export type HealthStatus = "healthy" | "degraded" | "unhealthy";

type Component = { status: HealthStatus; message: string; latency_ms: number } & Record<
  string,
  unknown
>;

/** What a probe found; it rejects when the component does not answer. */
export type Finding = { status?: HealthStatus; message: string; details?: Record<string, unknown> };

type Probe = (signal: AbortSignal) => Promise<Finding>;

export type HealthDeps = {
  probes: Record<"database" | "task_queue" | "websocket" | "llm_providers", Probe>;
  now: () => Date;
  /** Milliseconds on a clock that only runs forward. */
  tick: () => number;
  timeout: (ms: number) => AbortSignal;
  onError: (name: string, error: unknown) => void;
};

/** A component that says nothing for this long is taken for down. */
const deadlineMs = 2_000;

/** Without these nothing works. */
const vital: readonly string[] = ["database", "task_queue"];

/** ECONNREFUSED says more than Error; the rest of an error's text is for the log only. */
export const nameOf = (error: unknown): string => {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return String(code ?? name ?? "unknown error");
};

const examine = async (deps: HealthDeps, name: string, probe: Probe): Promise<Component> => {
  const started = deps.tick();
  const latency = () => Math.round(deps.tick() - started);
  const signal = deps.timeout(deadlineMs);
  try {
    const { status = "healthy", message, details } = await abortable(signal, probe(signal));
    return { status, message, latency_ms: latency(), ...details };
  } catch (error) {
    deps.onError(name, error);
    const message = signal.aborted
      ? `No answer within ${deadlineMs} ms.`
      : `Not reachable: ${nameOf(error)}.`;
    return { status: "unhealthy", message, latency_ms: latency() };
  }
};

const overall = (components: Record<string, Component>): HealthStatus => {
  const rows = Object.entries(components);
  if (rows.some(([name, { status }]) => status === "unhealthy" && vital.includes(name))) {
    return "unhealthy";
  }
  return rows.every(([, { status }]) => status === "healthy") ? "healthy" : "degraded";
};

const examineAll = async (deps: HealthDeps, names: readonly string[]) => {
  const rows = Object.entries(deps.probes).filter(([name]) => names.includes(name));
  const found = await Promise.all(
    rows.map(async ([name, probe]) => [name, await examine(deps, name, probe)] as const),
  );
  const components = Object.fromEntries(found);
  return { status: overall(components), timestamp: deps.now().toISOString(), components };
};

/** Every component, really asked, all at once. */
export const detailedHealth = (deps: HealthDeps) => examineAll(deps, Object.keys(deps.probes));

/** Whether traffic can be taken: only what is vital counts. */
export const readiness = async (deps: HealthDeps) => {
  const { status, timestamp, components } = await examineAll(deps, vital);
  const ready = status === "unhealthy" ? ("not_ready" as const) : ("ready" as const);
  return { status: ready, timestamp, components };
};
