import * as z from "zod";
import { artifact, text, texts } from "./artifact.ts";

export const Requirement = z.object({
  id: text,
  title: text,
  text,
  priority: z.enum(["must", "should", "could"]),
  source: z.enum(["description", "user input", "review", "plan", "proposal"]),
  milestone: text,
  acceptance_criteria: texts.min(1),
});
export type Requirement = z.infer<typeof Requirement>;

export const SoftwareSpecification = artifact({
  overview: text,
  requirements: z.array(Requirement).min(1),
  user_stories: texts.min(1),
  non_functional: texts.min(1),
  out_of_scope: texts,
});
export type SoftwareSpecification = z.infer<typeof SoftwareSpecification>;
