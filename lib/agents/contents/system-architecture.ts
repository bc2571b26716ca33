import * as z from "zod";
import { artifact, text, texts } from "./artifact.ts";

export const Component = z.object({
  name: text,
  responsibility: text,
  requirements: texts,
  depends_on: texts,
});
export type Component = z.infer<typeof Component>;

const Interface = z.object({ method: text, path: text, purpose: text, requirement: text });
export type Interface = z.infer<typeof Interface>;

export const SystemArchitecture = artifact({
  overview: text,
  components: z.array(Component).min(1),
  interfaces: z.array(Interface),
  data_model: z.array(z.object({ entity: text, fields: texts.min(1) })).min(1),
  decisions: z.array(z.object({ decision: text, reason: text })).min(1),
});
export type SystemArchitecture = z.infer<typeof SystemArchitecture>;
