import type { SourceCode } from "../contents/source-code.ts";
import { type TestFailure, TestResults } from "../contents/test-results.ts";
import type { Work } from "./brief.ts";
import { addCheck, type CodeVersion } from "./change-code.ts";
import { newest, newestAs } from "./context.ts";
import { faultBehind } from "./faults.ts";

/** Adds a check for each failure, to the function of the requirement that failed. */
export const fix = (before: SourceCode, failures: readonly TestFailure[]): CodeVersion =>
  failures.reduce<CodeVersion>(
    ({ files, changes }, failure) => {
      const { check, source } = faultBehind(failure.expected);
      const next = addCheck(files, [failure.requirement], { name: check, source });
      const change = {
        file: next.changed[0] ?? "src/checks.ts",
        requirement: failure.requirement,
        change:
          next.changed.length > 0
            ? `Calls ${check} before anything is stored.`
            : `Left as it is: no function of its own carries ${failure.requirement}, or it calls ${check} already.`,
        reason: `“${failure.case}” failed: expected that ${failure.expected}, but ${failure.actual}.`,
      };
      return { files: next.files, changes: [...changes, change] };
    },
    { files: before.files, changes: [] },
  );

/** Lists the failures of the newest test results; none when the code has changed since. */
export const openFailures = ({ request }: Work): readonly TestFailure[] => {
  const results = newestAs(request, "test_results", TestResults);
  const version = newest(request, "source_code")?.version ?? 0;
  return results && results.source_version >= version ? results.failures : [];
};
