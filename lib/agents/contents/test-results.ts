import * as z from "zod";
import { artifact, count, text } from "./artifact.ts";

const failure = z.object({ case: text, requirement: text, expected: text, actual: text });
export type TestFailure = z.infer<typeof failure>;

/** What came out: "not_run" where nothing was run, however good the code looks. */
export const TestStatus = z.enum(["passed", "failed", "not_run"]);
export type TestStatus = z.infer<typeof TestStatus>;

export const TestResults = artifact({
  summary: text,
  /** Missing in results of before, and in those of models that say only what failed. */
  status: z.exactOptional(TestStatus),
  /** Why nothing was run. */
  reason: z.exactOptional(text),
  /** The run that the results are of. */
  run: z.exactOptional(z.object({ command: text, node: text, duration_ms: count })),
  source_version: count,
  passed: count,
  failed: count,
  cases: z
    .array(
      z.object({
        name: text,
        requirement: text,
        status: TestStatus,
        message: z.exactOptional(text),
      }),
    )
    .min(1),
  failures: z.array(failure),
});
export type TestResults = z.infer<typeof TestResults>;
