import * as z from "zod";
import { artifact, text, texts } from "./artifact.ts";

export const ProjectPlan = artifact({
  summary: text,
  goals: texts.min(1),
  milestones: z.array(z.object({ name: text, phase: text, outcome: text })).min(1),
  risks: z.array(z.object({ risk: text, mitigation: text })).min(1),
  assumptions: texts.min(1),
  open_questions: texts,
});
export type ProjectPlan = z.infer<typeof ProjectPlan>;
