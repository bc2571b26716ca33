import type { Breaker } from "../../domain/budget/breaker.ts";
import { abortable } from "../abortable.ts";
import { cachedFor, type Finding, failureText, type HealthStatus, wordsByName } from "./health.ts";

/** What a server that was asked for its tools did. `words` follow its name. */
type Probed =
  | { tools: number; notes: readonly string[] }
  | { kind: string; words: string; said: string };

export type McpHealthDeps = {
  /** The names of the configured servers. */
  servers: readonly string[];
  /** Asks a server for its tools. */
  probe: (server: string, signal: AbortSignal) => Promise<Probed>;
  /** Loads how workers last used a server; null when none did. */
  loadUse: (server: string) => Promise<Breaker | null>;
  /** Milliseconds of a clock that only runs forward. */
  tick: () => number;
  timeout: (ms: number) => AbortSignal;
  onError: (name: string, error: unknown) => void;
};

/** Milliseconds for one server: less than for a whole component, so that the answer can name the silent server. */
const deadlineMs = 1_800;
/** Milliseconds for which a finding is used again: a poller does not cause a request to the servers each time. */
const cacheMs = 30_000;

type Found = {
  reachable: boolean;
  status: HealthStatus;
  message: string;
  /** Tools that can be used; null when the list cannot be had. */
  tools: number | null;
  /** Faults of the list of tools: what was left out or mended. */
  faults: number;
  /** What the server said about a failure, or which faults its list has: for operators only. */
  said: string;
};

/** Kinds of failure after which nobody was there. */
const unreachable = ["timeout", "unknown_host", "unreachable", "connection_lost", "tls"];

const foundOf = (probed: Probed): Found => {
  if ("tools" in probed) {
    const { tools, notes } = probed;
    const faults = notes.length;
    const message = faults === 0 ? "Answers." : `Answers; faults in its list of tools: ${faults}.`;
    return { reachable: true, status: "healthy", message, tools, faults, said: notes.join("; ") };
  }
  const message = `It ${probed.words}.`;
  const reachable = !unreachable.includes(probed.kind);
  return { reachable, status: "unhealthy", message, tools: null, faults: 0, said: probed.said };
};

const report = ({ onError }: McpHealthDeps, server: string, probed: Probed): void => {
  const name = `mcp_servers: ${server}`;
  if (!("tools" in probed)) onError(name, new Error(`${probed.words}: ${probed.said}`));
  else if (probed.notes.length > 0) onError(name, new Error(probed.notes.join("; ")));
};

const probeOne = async (deps: McpHealthDeps, server: string): Promise<Found> => {
  const signal = deps.timeout(deadlineMs);
  try {
    const probed = await abortable(signal, deps.probe(server, signal));
    report(deps, server, probed);
    return foundOf(probed);
  } catch (error) {
    deps.onError(`mcp_servers: ${server}`, error);
    const message = failureText(signal, deadlineMs, error);
    return { reachable: false, status: "unhealthy", message, tools: null, faults: 0, said: "" };
  }
};

const loadUse = (deps: McpHealthDeps, server: string): Promise<Breaker | null> =>
  abortable(deps.timeout(deadlineMs), deps.loadUse(server)).catch(() => null);

const examine = async (deps: McpHealthDeps, name: string) => {
  const started = deps.tick();
  const [found, use] = await Promise.all([probeOne(deps, name), loadUse(deps, name)]);
  const { last_error = null, last_success_at = null } = use ?? {};
  return {
    name,
    ...found,
    latency_ms: Math.round(deps.tick() - started),
    last_error: last_error && { code: last_error.code, at: last_error.at },
    last_success_at,
  };
};

const messageOf = (servers: readonly { name: string; faults: number }[]): string => {
  const faulty = servers.filter(({ faults }) => faults > 0).map(({ name }) => name);
  const rest = faulty.length > 0 ? `; faults in the lists of tools of ${faulty.join(", ")}` : "";
  return `All MCP servers answer${rest}.`;
};

const examineAll = async (deps: McpHealthDeps): Promise<Finding> => {
  const examined = await Promise.all(deps.servers.map((name) => examine(deps, name)));
  const servers = examined.map(({ said, ...server }) => server);
  const forOperators = { said: wordsByName(examined) };
  const unwell = servers.filter(({ status }) => status !== "healthy").map(({ name }) => name);
  if (unwell.length === 0)
    return { message: messageOf(servers), details: { servers }, forOperators };
  const message = `Not well: ${unwell.join(", ")}.`;
  return { status: "degraded", message, details: { servers }, forOperators };
};

const noServers: Finding = { message: "No MCP server is configured.", details: { servers: [] } };

/** Opens the health component of the MCP servers: asks each for its tools, and adds how it was last used. One per process. */
export const openMcpHealth = (deps: McpHealthDeps): (() => Promise<Finding>) => {
  const examined = cachedFor(cacheMs, deps.tick, () => examineAll(deps));
  return async () => (deps.servers.length === 0 ? noServers : examined());
};
