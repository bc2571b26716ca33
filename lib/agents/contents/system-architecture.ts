import * as z from "zod";
import { artifact, text, texts } from "./artifact.ts";

export const Component = z.strictObject({
  name: text,
  responsibility: text,
  requirements: texts,
  depends_on: texts,
});
export type Component = z.infer<typeof Component>;

export const SystemArchitecture = artifact({
  overview: text,
  components: z.array(Component).min(2),
  interfaces: z.array(
    z.strictObject({
      method: z.enum(["GET", "POST", "PATCH", "DELETE"]),
      path: z.string().startsWith("/"),
      purpose: text,
      requirement: text,
    }),
  ),
  data_model: z.array(z.strictObject({ entity: text, fields: texts.min(1) })).min(1),
  decisions: z.array(z.strictObject({ decision: text, reason: text })).min(1),
});
export type SystemArchitecture = z.infer<typeof SystemArchitecture>;
