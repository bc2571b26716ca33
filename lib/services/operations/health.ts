import { abortable } from "../abortable.ts";

export type HealthStatus = "healthy" | "degraded" | "unhealthy";

type Component = { status: HealthStatus; message: string; latency_ms: number } & Record<
  string,
  unknown
>;

/** What a probe found. */
export type Finding = {
  status?: HealthStatus;
  message: string;
  details?: Record<string, unknown>;
  /** What only operators read. */
  forOperators?: Record<string, unknown>;
};

/** Makes a function that gives a finding again for `ms` milliseconds of the clock `tick`. */
export const cachedFor = (
  ms: number,
  tick: () => number,
  find: () => Promise<Finding>,
): (() => Promise<Finding>) => {
  let cached: { at: number; finding: Promise<Finding> } | undefined;
  return () => {
    if (!cached || tick() - cached.at >= ms) cached = { at: tick(), finding: find() };
    return cached.finding;
  };
};

/** Gives what was said, by the name of who said it; without those who said nothing. */
export const wordsByName = (
  all: readonly { name: string; said?: string | undefined }[],
): Record<string, string> =>
  Object.fromEntries(all.flatMap(({ name, said }) => (said ? [[name, said]] : [])));

/** Asks a component. Rejects when the component does not answer. */
type Probe = (signal: AbortSignal) => Promise<Finding>;

export type HealthDeps = {
  probes: Record<"database" | "task_queue" | "websocket" | "llm_providers" | "mcp_servers", Probe>;
  now: () => Date;
  /** Milliseconds of a clock that only runs forward. */
  tick: () => number;
  timeout: (ms: number) => AbortSignal;
  onError: (name: string, error: unknown) => void;
};

/** Milliseconds after which a silent component counts as down. */
const deadlineMs = 2_000;

/** The components without which nothing works. */
const vital: readonly string[] = ["database", "task_queue"];

/** Gives the code of an error, such as ECONNREFUSED, or its name. Its text stays in the log: it can hold addresses. */
const nameOf = (error: unknown): string => {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return String(code ?? name ?? "unknown error");
};

/** Says why a probe failed: its time was over, or `error`. */
export const failureText = (signal: AbortSignal, deadlineMs: number, error: unknown): string =>
  signal.aborted ? `No answer within ${deadlineMs} ms.` : `Not reachable: ${nameOf(error)}.`;

const examine = async (
  deps: HealthDeps,
  [name, probe]: [string, Probe],
  isOperator: boolean,
): Promise<Component> => {
  const started = deps.tick();
  const latency = () => Math.round(deps.tick() - started);
  const signal = deps.timeout(deadlineMs);
  try {
    const found = await abortable(signal, probe(signal));
    const { status = "healthy", message, details, forOperators } = found;
    const shown = { ...details, ...(isOperator && forOperators) };
    return { status, message, latency_ms: latency(), ...shown };
  } catch (error) {
    deps.onError(name, error);
    const message = failureText(signal, deadlineMs, error);
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

const examineAll = async (deps: HealthDeps, names: readonly string[], isOperator = false) => {
  const rows = Object.entries(deps.probes).filter(([name]) => names.includes(name));
  const found = await Promise.all(
    rows.map(async (row) => [row[0], await examine(deps, row, isOperator)] as const),
  );
  const components = Object.fromEntries(found);
  return { status: overall(components), timestamp: deps.now().toISOString(), components };
};

/** Probes every component, all at once. Never rejects for one that is down. Operators also read what providers said. */
export const detailedHealth = (deps: HealthDeps, isOperator: boolean) =>
  examineAll(deps, Object.keys(deps.probes), isOperator);

/** Says whether the backend can take traffic: probes only the vital components. */
export const readiness = async (deps: HealthDeps) => {
  const { status, timestamp, components } = await examineAll(deps, vital);
  const ready = status === "unhealthy" ? ("not_ready" as const) : ("ready" as const);
  return { status: ready, timestamp, components };
};
