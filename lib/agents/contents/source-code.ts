import * as z from "zod";
import { artifact, text, texts } from "./artifact.ts";

/** A file of the source code; it may be empty. */
export const SourceCodeFile = z.object({ path: text, language: text, content: z.string() });
export type SourceCodeFile = z.infer<typeof SourceCodeFile>;

export const SourceCode = artifact({
  summary: text,
  files: z.array(SourceCodeFile).min(1),
  changes: z
    .array(z.object({ file: text, requirement: text.nullable(), change: text, reason: text }))
    .min(1),
  notes: texts,
});
export type SourceCode = z.infer<typeof SourceCode>;
