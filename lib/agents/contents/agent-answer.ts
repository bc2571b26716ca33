import * as z from "zod";
import { artifact, text, texts } from "./artifact.ts";

export const AgentAnswer = artifact({
  summary: text,
  points: z.array(z.object({ point: text, response: text })).min(1),
  based_on: texts,
  next_steps: texts.min(1),
});
export type AgentAnswer = z.infer<typeof AgentAnswer>;
