import { parseOrReport, type Report } from "./mistakes.ts";
import { type NamedEntry, nameEntries } from "./name-entries.ts";
import { entriesOf, readDefinition } from "./read-file.ts";
import { type AgentDefinition, AgentMatter, AgentText } from "./schema.ts";

/** Names that no agent may have: `user` is a person who made an artifact, and every object inherits `constructor`. */
const reserved = ["user", "constructor"];

const fileOf = (
  root: string,
  { path, isFolder }: NamedEntry,
  report: Report,
): string | undefined => {
  if (!isFolder) return path;
  if (entriesOf(root, path).some(({ name }) => name === "agent.md")) return `${path}/agent.md`;
  report({ file: path, field: "", reason: "Has no agent.md" });
  return undefined;
};

const readAgent = (root: string, named: NamedEntry, report: Report): AgentDefinition[] => {
  const file = fileOf(root, named, report);
  const found = file && readDefinition(root, file, report);
  if (!found) return [];
  const matter = parseOrReport(AgentMatter, found.matter, { file: found.file, report });
  const instructions = parseOrReport(AgentText, found.body, {
    file: found.file,
    at: ["text"],
    report,
  });
  if (!matter || instructions === undefined) return [];
  return [{ agent_type: named.name, ...matter, instructions }];
};

const inOrder = (a: AgentDefinition, b: AgentDefinition) =>
  a.order - b.order || (a.agent_type < b.agent_type ? -1 : 1);

/**
 * Reads the agents below `root`, in the order of lists. Reports mistakes. `names` has also the agents whose files are wrong.
 *
 * @throws Error when a file cannot be read
 */
export const readAgents = (root: string, report: Report) => {
  const named = nameEntries(root, { folder: "agents", reserved }, report);
  return {
    agents: named.flatMap((each) => readAgent(root, each, report)).sort(inOrder),
    names: named.map(({ name }) => name),
  };
};
