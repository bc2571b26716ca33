import * as z from "zod";
import { SourceCodeFile } from "../contents/source-code.ts";
import type { AgentContext, ContextHead, ContextItem } from "../context.ts";

const SourceFiles = z.object({ files: z.array(SourceCodeFile.partial({ language: true })) });

/** The newest source code of a project: its artifact, and its files. */
export type NewestSource = { head: ContextHead; files: SourceCodeFile[] };

const newest = <T extends ContextHead>(heads: readonly T[]): T | undefined =>
  heads
    .filter(({ artifact_type }) => artifact_type === "source_code")
    .sort((a, b) => a.updated_at.localeCompare(b.updated_at))
    .at(-1);

/** Reads the files of a source code's content; null when it has another shape, as a person may have given it. */
const filesIn = (content: unknown): SourceCodeFile[] | null => {
  const parsed = SourceFiles.safeParse(content);
  if (!parsed.success) return null;
  return parsed.data.files.map(({ language = "text", ...file }) => ({ ...file, language }));
};

/** Whether an artifact is source code with files. */
export const hasSource = ({ artifact_type, content }: ContextItem): boolean =>
  artifact_type === "source_code" && filesIn(content) !== null;

/** Reads the newest source code of the project; null when there is none, or it has no files. */
export const readNewestSource = async ({
  context,
}: Pick<AgentContext, "context">): Promise<NewestSource | null> => {
  const head = newest(await context.list());
  const item = head && (await context.read(head.context_id));
  const files = item && filesIn(item.content);
  return head && files ? { head, files } : null;
};
