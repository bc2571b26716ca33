import * as z from "zod";
import { artifact, text, texts } from "./artifact.ts";

export const ImplementationPlan = artifact({
  summary: text,
  tasks: z
    .array(
      z.object({
        id: text,
        title: text,
        component: text,
        requirements: texts,
        files: texts,
        depends_on: texts,
        estimate_hours: z.number().positive(),
        done_when: text,
      }),
    )
    .min(1),
  test_approach: texts.min(1),
});
export type ImplementationPlan = z.infer<typeof ImplementationPlan>;
