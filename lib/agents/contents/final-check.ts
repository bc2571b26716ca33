import * as z from "zod";
import { artifact, count, text, texts } from "./artifact.ts";

const percentage = z.int().min(0).max(100);

export const FinalCheck = artifact({
  summary: text,
  verdict: z.enum(["ready", "ready_with_open_points"]),
  completeness: percentage,
  checks: z
    .array(z.object({ check: text, result: z.enum(["ok", "open", "not_verified"]), detail: text }))
    .min(1),
  delivered: z.array(z.object({ artifact_type: text, version: count, title: text })),
  next_steps: texts.min(1),
});
export type FinalCheck = z.infer<typeof FinalCheck>;
