/** An entry of an agent's list of tools: `mcp:<server>`, `mcp:<server>/*` or `mcp:<server>/<tool>`. */
const toolEntry = /^mcp:([\w.-]+)(?:\/(.+))?$/;

/** The tools of one server that an agent lists. */
export type WantedNames = Set<string> | "all";

/** Reads the entries of MCP servers in an agent's list of tools. Gives the wanted tools by server. */
export const wantedTools = (entries: readonly string[]): Map<string, WantedNames> => {
  const wanted = new Map<string, WantedNames>();
  for (const text of entries) {
    const [, server, name = "*"] = toolEntry.exec(text) ?? [];
    if (!server) continue;
    const known = wanted.get(server) ?? new Set<string>();
    wanted.set(server, name === "*" || known === "all" ? "all" : known.add(name));
  }
  return wanted;
};
