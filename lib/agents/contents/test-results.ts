import * as z from "zod";
import { artifact, count, text } from "./artifact.ts";

const failure = z.object({ case: text, requirement: text, expected: text, actual: text });
export type TestFailure = z.infer<typeof failure>;

export const TestResults = artifact({
  summary: text,
  source_version: count,
  passed: count,
  failed: count,
  cases: z
    .array(
      z.object({
        name: text,
        requirement: text,
        status: z.enum(["passed", "failed"]),
        message: z.exactOptional(text),
      }),
    )
    .min(1),
  failures: z.array(failure),
});
export type TestResults = z.infer<typeof TestResults>;
