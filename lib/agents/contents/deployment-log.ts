import * as z from "zod";
import { artifact, count, text } from "./artifact.ts";

export const DeploymentLog = artifact({
  summary: text,
  status: z.exactOptional(z.enum(["deployed", "not_deployed"])),
  release: text,
  environment: text,
  files: z.array(z.object({ path: text, bytes: count })),
  tests: z.object({ passed: count, failed: count }),
  steps: z
    .array(z.object({ step: text, status: z.enum(["done", "skipped", "to_do"]), detail: text }))
    .min(1),
  rollback: text,
});
export type DeploymentLog = z.infer<typeof DeploymentLog>;
