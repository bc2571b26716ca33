import { createHash } from "node:crypto";

/** Characters of a tool's name that every provider accepts. */
const maxName = 64;
const hashLength = 8;

const hashOf = (text: string): string =>
  createHash("sha256").update(text).digest("hex").slice(0, hashLength);

/**
 * Replaces what a provider refuses in a tool's name. Every provider accepts letters, digits, _ and -, after a letter or _.
 *
 * @see https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use
 * @see https://platform.openai.com/docs/api-reference/chat/create
 * @see https://ai.google.dev/api/caching#FunctionDeclaration
 */
const safe = (name: string): string => name.replace(/[^\w-]/g, "_").replace(/^(?=[^A-Za-z_])/, "_");

/** Whether only separators were replaced, so that the name still says what it said. */
const isClose = (name: string): boolean => /^[\w\-./: ]*$/.test(name);

const withHash = (name: string): string =>
  `${safe(name).slice(0, maxName - hashLength - 1)}_${hashOf(name)}`;

/**
 * Gives each tool a name that every provider accepts, and that no other tool has. A name that is too long, that would lose
 * more than separators, or that two tools would get ends in a hash of the full name: it is the same in every run.
 *
 * @param names full names, `<server>__<tool>`, each once
 */
export const exposedNames = (names: readonly string[]): Map<string, string> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(safe(name), (counts.get(safe(name)) ?? 0) + 1);
  const exposed = (name: string): string => {
    if (safe(name).length > maxName || !isClose(name)) return withHash(name);
    const isOwn = name === safe(name) || counts.get(safe(name)) === 1;
    return isOwn ? safe(name) : withHash(name);
  };
  return new Map(names.map((name) => [name, exposed(name)]));
};
