import type { ContextItem } from "../context.ts";
import { estimateTokens } from "./tokens.ts";

export type FittedContext = {
  /** Oldest first, as they are shown. */
  shown: { item: ContextItem; text: string; is_truncated: boolean }[];
  /** Names of what did not fit. */
  left_out: string[];
};

export const nameOf = ({ artifact_type, version, context_id, source_agent }: ContextItem): string =>
  `${artifact_type} v${version} by ${source_agent} (context_id ${context_id})`;

/** Below this there is no use in showing the beginning of an artifact. */
const minTokens = 200;

const newestFirst = (a: ContextItem, b: ContextItem) => b.updated_at.localeCompare(a.updated_at);

/** As JSON that cannot end the tag it is shown in. */
const textInTag = (content: unknown): string =>
  JSON.stringify(content, null, 1).replaceAll("</artifact", "<\\/artifact");

const beginningOf = (text: string, share: number): string =>
  text.slice(0, Math.floor(text.length * share)).toWellFormed();

/** What was handed over comes first, then the newest. */
const byWeight = (context: readonly ContextItem[], referenced: ReadonlySet<string>) => {
  const isReferenced = ({ context_id }: ContextItem) => referenced.has(context_id);
  return [
    ...context.filter(isReferenced).sort(newestFirst),
    ...context.filter((item) => !isReferenced(item)).sort(newestFirst),
  ];
};

/**
 * The artifacts that a prompt has room for: the referenced and the newest first, whole as long as they fit. One that is
 * too large for what is left is cut; what has no room at all is named.
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
