import { zodSchemaOf } from "../../json-schema/zod-schema.ts";
import { type McpServer, withoutKeys, withoutSecrets } from "../../settings/mcp-servers.ts";
import { type AgentContext, AgentError } from "../context.ts";
import { callTool } from "../mcp/call-tool.ts";
import { listTools, type McpList } from "../mcp/list-tools.ts";
import { isLasting, McpFailure } from "../mcp/mcp-failure.ts";
import type { McpTool } from "../mcp/read-tool.ts";
import { type McpSession, openSession } from "../mcp/session.ts";
import { exposedNames } from "../mcp/tool-names.ts";
import { reportOf, saidBy, summaryOf } from "./mcp-reports.ts";
import type { ModelTool, ToolResult } from "./tools.ts";
import { type WantedNames, wantedTools } from "./wanted-tools.ts";

export type McpDeps = {
  mcpServers: Readonly<Record<string, McpServer>>;
  /** Called with what was wrong with a server's list of tools, for the operator's log. */
  onMcpNotes: (server: string, notes: readonly string[]) => void;
};

type Scope = Pick<AgentContext, "signal" | "say" | "breaker">;

const closeMs = 1_000;

const withTimeout = ({ timeout_seconds }: McpServer, signal: AbortSignal) =>
  AbortSignal.any([signal, AbortSignal.timeout(timeout_seconds * 1_000)]);

/** A server that is ready, with the tools that the agent wants of it. */
type Opened = { name: string; server: McpServer; session: McpSession } & McpList;
type Failed = { name: string; server: McpServer; failure: McpFailure };

const needsApproval = ({ approval }: McpServer, { isReadOnly }: McpTool): boolean =>
  approval === "always" || (approval === "writes" && !isReadOnly);

const schemaForModel = ({ inputSchema }: McpTool) => ({ ...inputSchema, type: "object" });

/** Reports how a server was last used, for GET /health/detailed. A server is used also while its breaker is open. */
const report = async (
  { breaker }: Pick<AgentContext, "breaker">,
  name: string,
  outcome: Parameters<typeof breaker.report>[1],
): Promise<void> => {
  const key = `mcp:${name}`;
  await breaker.admit(key);
  await breaker.report(key, outcome);
};

/** Gives the model what became of a call that failed. @throws Error when nobody knows whether the tool has run */
const failedCall = async (
  { name, server }: Opened,
  failure: McpFailure,
  agentContext: AgentContext,
): Promise<ToolResult> => {
  agentContext.signal.throwIfAborted();
  if (failure.kind !== "refused") await report(agentContext, name, reportOf(failure, server));
  const said = saidBy(failure, server);
  const text = `The MCP server ${name} ${failure.message}${said ? `: ${said}` : "."}`;
  if (failure.wasNotDone) return { problem: `It was not done. ${text}` };
  throw new Error(text);
};

const toolOf = (opened: Opened, tool: McpTool): ModelTool => ({
  description: withoutKeys(tool.description, opened.server),
  schema: zodSchemaOf(tool.inputSchema),
  json: schemaForModel(tool),
  has_effects: needsApproval(opened.server, tool),
  runs_once: !tool.isReadOnly,
  run: async (input: Record<string, unknown>, { agentContext }): Promise<ToolResult> => {
    const signal = withTimeout(opened.server, agentContext.signal);
    try {
      const { text, isError } = await callTool(opened.session, tool, input, signal);
      const shown = withoutKeys(text, opened.server);
      return isError ? { problem: shown } : { value: shown };
    } catch (error) {
      if (error instanceof McpFailure) return failedCall(opened, error, agentContext);
      throw error;
    }
  },
});

const missingNames = (names: WantedNames, tools: readonly McpTool[]): string[] =>
  names === "all"
    ? []
    : [...names]
        .filter((wanted) => !tools.some(({ name }) => name === wanted))
        .map((wanted) => `it has no tool ${wanted}`);

const openServer = async (
  name: string,
  server: McpServer,
  { names, signal }: { names: WantedNames; signal: AbortSignal },
): Promise<Opened | Failed> => {
  try {
    const session = await openSession(server, withTimeout(server, signal));
    const { tools, notes } = await listTools(session, withTimeout(server, signal));
    const all = [...notes, ...missingNames(names, tools)];
    return { name, server, session, tools, notes: all.map((note) => withoutSecrets(note, server)) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof McpFailure) return { name, server, failure: error };
    throw error;
  }
};

const fullName = (server: string, { name }: McpTool) => `${server}__${name}`;

/** Chooses the tools that the agent wants. Names are made of all tools, so that they do not depend on the agent's list. */
const toolsOf = (opened: readonly Opened[], wanted: ReadonlyMap<string, WantedNames>) => {
  const all = opened.flatMap((each) => each.tools.map((tool) => fullName(each.name, tool)));
  const exposed = exposedNames(all);
  const isWanted = (name: string, tool: McpTool) => {
    const names = wanted.get(name);
    return names === "all" || names?.has(tool.name);
  };
  const rows = opened.flatMap((each) =>
    each.tools
      .filter((tool) => isWanted(each.name, tool))
      .map((tool) => [exposed.get(fullName(each.name, tool)) ?? "", toolOf(each, tool)] as const),
  );
  return Object.fromEntries(rows);
};

/** Makes the error. Its message names the kinds of failure for the person; its cause quotes the servers for the log. */
const unavailable = (failed: readonly Failed[]): AgentError => {
  const message = failed.map(({ name, failure }) => `The MCP server ${name} ${failure.message}.`);
  const said = failed.map(({ name, server, failure }) => `${name}: ${saidBy(failure, server)}`);
  return new AgentError("mcp_unavailable", message.join(" "), {
    cause: new Error(said.join("; ")),
    retryable: !failed.some(({ failure }) => isLasting(failure)),
  });
};

const tell = async ({ onMcpNotes }: McpDeps, { say }: Scope, name: string, notes: string[]) => {
  if (notes.length === 0) return;
  onMcpNotes(name, notes);
  await say(summaryOf(name, notes));
};

/** The tools of MCP servers for one run. `close` ends the sessions, after a second at the latest. */
export type McpTools = { tools: Record<string, ModelTool>; close: () => Promise<void> };

const closeAll = async (opened: readonly Opened[]): Promise<void> => {
  const signal = AbortSignal.timeout(closeMs);
  await Promise.allSettled(opened.map(({ session }) => session.close(signal)));
};

/**
 * Connects to the configured MCP servers that `entries` name, and gives their tools. What is wrong with a list of tools is
 * left out, logged and told. An agent that lists a server cannot work without it, so one that cannot be used ends the run.
 *
 * @param entries an agent's list of tools
 * @throws AgentError `mcp_unavailable` when a server cannot be used; retryable unless it lasts until somebody changes settings
 * @throws the signal's reason when the run is aborted, and what `say` throws
 */
export const openMcpTools = async (
  deps: McpDeps,
  entries: readonly string[],
  agentContext: Scope,
): Promise<McpTools> => {
  const { signal, say } = agentContext;
  const wanted = wantedTools(entries);
  const found = await Promise.all(
    [...wanted].map(async ([name, names]) => {
      const server = Object.hasOwn(deps.mcpServers, name) ? deps.mcpServers[name] : undefined;
      if (!server)
        return say(`The agent lists tools of the MCP server ${name}, which is not configured.`);
      const outcome = await openServer(name, server, { names, signal });
      await report(
        agentContext,
        name,
        reportOf("failure" in outcome ? outcome.failure : null, server),
      );
      return outcome;
    }),
  );
  const opened = found.filter((each): each is Opened => each !== undefined && "session" in each);
  const failed = found.filter((each): each is Failed => each !== undefined && "failure" in each);
  const close = () => closeAll(opened);
  if (failed.length > 0) {
    await close();
    throw unavailable(failed);
  }
  const tools = toolsOf(opened, wanted);
  for (const { name, notes } of opened) await tell(deps, agentContext, name, notes);
  return { tools, close };
};
