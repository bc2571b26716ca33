import type { SourceCode } from "../contents/source-code.ts";
import type { AgentContext } from "../context.ts";
import { applyEdits } from "./apply-edits.ts";
import { readNewestSource } from "./newest-source.ts";
import type { SourceReply } from "./source-edits.ts";

/** The version that edits were made to, for the artifact's metadata. */
type EditedFrom = { context_id: string; version: number; edits: number };

export type CompletedSource =
  | { content: SourceCode; edited_from?: EditedFrom }
  | { problems: string };

const noVersion =
  "`edits` need an earlier version with files, and there is none: give all `files`.";

/**
 * Makes the whole source code of a reply. Edits are made to the newest version of the project's source code.
 *
 * @returns the source code, or what is wrong in words for the model
 * @throws what reading the project's artifacts throws
 */
export const completeSource = async (
  agentContext: Pick<AgentContext, "context">,
  reply: SourceReply,
): Promise<CompletedSource> => {
  if ("files" in reply) return { content: reply };
  const { edits, ...content } = reply;
  const newest = await readNewestSource(agentContext);
  if (!newest) return { problems: noVersion };
  const applied = applyEdits(newest.files, edits);
  if ("problems" in applied) return applied;
  const { context_id, version } = newest.head;
  const edited_from = { context_id, version, edits: edits.length };
  return { content: { ...content, files: applied.files }, edited_from };
};
