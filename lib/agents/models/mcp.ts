import { createMCPClient, type MCPClient } from "@ai-sdk/mcp";
import * as z from "zod";
import { Json } from "../../domain/json.ts";
import type { McpServer } from "../../settings/mcp-servers.ts";
import { AgentError } from "../context.ts";
import { schemaOf } from "./mcp-schema.ts";
import type { ModelTool, ToolResult } from "./tools.ts";

/** An entry of an agent's list of tools: `mcp:<server>`, `mcp:<server>/*` or `mcp:<server>/<tool>`. */
const toolEntry = /^mcp:([\w.-]+)(?:\/(.+))?$/;

type WantedTools = Map<string, Set<string> | "all">;

const wantedTools = (entries: readonly string[]): WantedTools => {
  const wanted: WantedTools = new Map();
  for (const text of entries) {
    const [, server, name = "*"] = toolEntry.exec(text) ?? [];
    if (!server) continue;
    const known = wanted.get(server) ?? new Set<string>();
    wanted.set(server, name === "*" || known === "all" ? "all" : known.add(name));
  }
  return wanted;
};

/** Tools that are read from one server, and pages of its list. More would not help a model. */
const maxTools = 500;
const maxPages = 50;

const ReadOnly = z.looseObject({ readOnlyHint: z.boolean().optional() }).optional();

/**
 * Makes a tool's name that every provider accepts: 64 letters, digits, _ or -.
 *
 * @see https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
const nameOf = (server: string, name: string): string =>
  `${server}__${name}`.replace(/[^\w-]/g, "_").slice(0, 64);

const isReadOnly = (annotations: unknown): boolean => {
  const parsed = ReadOnly.safeParse(annotations);
  return parsed.success && parsed.data?.readOnlyHint === true;
};

const needsApproval = ({ approval }: McpServer, annotations: unknown): boolean =>
  approval === "always" || (approval === "writes" && !isReadOnly(annotations));

const unavailable = (name: string, cause: unknown) =>
  new AgentError("mcp_unavailable", `The MCP server ${name} does not answer.`, {
    cause,
    retryable: true,
  });

const duplicateName = (name: string, exposed: string) =>
  new AgentError("mcp_names", `Two tools of the MCP server ${name} would be called ${exposed}.`, {
    retryable: false,
  });

const closeMs = 1_000;

/** Resolves after a second: a server that does not close its connection must not delay the result. */
const closeTimeout = () =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, closeMs).unref();
  });

const withTimeout = ({ timeout_seconds }: McpServer, signal: AbortSignal) =>
  AbortSignal.any([signal, AbortSignal.timeout(timeout_seconds * 1_000)]);

const open = async (name: string, server: McpServer, signal: AbortSignal): Promise<MCPClient> => {
  try {
    const { url, headers } = server;
    return await createMCPClient({
      transport: { type: "http", url, headers, redirect: "error" },
      initializationOptions: { signal: withTimeout(server, signal) },
    });
  } catch (cause) {
    throw unavailable(name, cause);
  }
};

/** Reads all pages of a server's list of tools. */
const listTools = async (client: MCPClient, signal: AbortSignal) => {
  const options = { signal };
  let page = await client.listTools({ options });
  const found = [...page.tools];
  for (let pages = 1; page.nextCursor && found.length < maxTools && pages < maxPages; pages += 1) {
    page = await client.listTools({ params: { cursor: page.nextCursor }, options });
    found.push(...page.tools);
  }
  return found;
};

type WantedOfServer = { server: McpServer; names: Set<string> | "all"; signal: AbortSignal };

const listWanted = async (
  name: string,
  client: MCPClient,
  { server, names, signal }: WantedOfServer,
): Promise<(ListedTool & { annotations?: unknown })[]> => {
  const listed = await listTools(client, withTimeout(server, signal)).catch((cause: unknown) => {
    throw unavailable(name, cause);
  });
  return listed.filter((described) => names === "all" || names.has(described.name));
};

type ListedTool = { name: string; description?: string | undefined; inputSchema: unknown };

const toolOf = (
  client: MCPClient,
  server: McpServer,
  described: ListedTool & { annotations?: unknown },
): ModelTool => ({
  description: described.description ?? described.name,
  schema: schemaOf(described.inputSchema),
  json: described.inputSchema as { [key: string]: unknown },
  has_effects: needsApproval(server, described.annotations),
  runs_once: !isReadOnly(described.annotations),
  run: async (input: Record<string, unknown>, { agentContext }): Promise<ToolResult> => {
    const answer = await client.callTool({
      name: described.name,
      arguments: input,
      options: { signal: withTimeout(server, agentContext.signal) },
    });
    return { value: Json.parse(JSON.parse(JSON.stringify(answer))) };
  },
});

/** The tools of MCP servers for one run. `close` ends the connections, after a second at the latest. */
export type McpTools = { tools: Record<string, ModelTool>; close: () => Promise<void> };

/**
 * Connects to the configured MCP servers that `entries` name, and gives their tools.
 *
 * @param entries an agent's list of tools
 * @throws AgentError `mcp_unavailable` (retryable) when a server does not answer, `mcp_names` when two tools would have one name
 */
export const openMcpTools = async (
  servers: Readonly<Record<string, McpServer>>,
  entries: readonly string[],
  signal: AbortSignal,
): Promise<McpTools> => {
  const tools: Record<string, ModelTool> = {};
  const clients: MCPClient[] = [];
  const close = async () => {
    const closed = Promise.allSettled(clients.map((client) => client.close()));
    await Promise.race([closed, closeTimeout()]);
  };
  const add = async (name: string, server: McpServer, names: Set<string> | "all") => {
    const client = await open(name, server, signal);
    clients.push(client);
    for (const described of await listWanted(name, client, { server, names, signal })) {
      const exposed = nameOf(name, described.name);
      if (Object.hasOwn(tools, exposed)) throw duplicateName(name, exposed);
      tools[exposed] = toolOf(client, server, described);
    }
  };
  try {
    for (const [name, names] of wantedTools(entries)) {
      const server = servers[name];
      if (server) await add(name, server, names);
    }
    return { tools, close };
  } catch (error) {
    await close();
    throw error;
  }
};
