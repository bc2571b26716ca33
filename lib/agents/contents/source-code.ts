import * as z from "zod";
import { artifact, text, texts } from "./artifact.ts";

export const SourceCode = artifact({
  summary: text,
  files: z.array(z.object({ path: text, language: text, content: text })).min(1),
  changes: z
    .array(z.object({ file: text, requirement: text.nullable(), change: text, reason: text }))
    .min(1),
  notes: texts,
});
export type SourceCode = z.infer<typeof SourceCode>;
