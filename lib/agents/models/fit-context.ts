import type { ContextItem } from "../context.ts";
import { estimateTokens } from "./tokens.ts";

export type FittedContext = {
  /** The artifacts for the prompt, oldest first. */
  shown: { item: ContextItem; text: string; is_truncated: boolean }[];
  /** Names of the artifacts that have no room. */
  left_out: string[];
};

/** Names an artifact for a model. */
export const nameOf = ({ artifact_type, version, context_id, source_agent }: ContextItem): string =>
  `${artifact_type} v${version} by ${source_agent} (context_id ${context_id})`;

/** With fewer tokens left, the beginning of an artifact is of no use. */
const minTokens = 200;

const newestFirst = (a: ContextItem, b: ContextItem) => b.updated_at.localeCompare(a.updated_at);

/** Writes content as JSON that cannot close the <artifact> tag around it. */
const textInTag = (content: unknown): string =>
  JSON.stringify(content, null, 1).replaceAll("</artifact", "<\\/artifact");

const beginningOf = (text: string, share: number): string =>
  text.slice(0, Math.floor(text.length * share)).toWellFormed();

/** Sorts: the referenced artifacts first, then the others, each newest first. */
const byWeight = (context: readonly ContextItem[], referenced: ReadonlySet<string>) => {
  const isReferenced = ({ context_id }: ContextItem) => referenced.has(context_id);
  return [
    ...context.filter(isReferenced).sort(newestFirst),
    ...context.filter((item) => !isReferenced(item)).sort(newestFirst),
  ];
};

/**
 * Chooses the artifacts for a prompt: the referenced and the newest first. The first one that does not fit is truncated; those
 * without any room are only named.
 *
 * @param budget tokens
 */
export const fitContext = (
  context: readonly ContextItem[],
  referenced: readonly string[],
  budget: number,
): FittedContext => {
  let room = budget;
  const shown: FittedContext["shown"] = [];
  const left_out: string[] = [];
  for (const item of byWeight(context, new Set(referenced))) {
    const text = textInTag(item.content);
    const tokens = estimateTokens(text);
    if (tokens > room && room < minTokens) {
      left_out.push(nameOf(item));
      continue;
    }
    const cut = tokens > room;
    shown.push({ item, text: cut ? beginningOf(text, room / tokens) : text, is_truncated: cut });
    room -= Math.min(tokens, room);
  }
  return { shown: shown.sort((a, b) => -newestFirst(a.item, b.item)), left_out };
};
