import type { SourceCode } from "../contents/source-code.ts";
import { type TestFailure, TestResults } from "../contents/test-results.ts";
import type { Work } from "./brief.ts";
import { type CodeVersion, withCheck } from "./change-code.ts";
import { newest, newestAs } from "./context.ts";
import { faultChecks } from "./program/checks.ts";

const reasonOf = ({ case: name, expected, actual }: TestFailure): string =>
  `“${name}” failed: expected that ${expected}, but ${actual}.`;

const leave = ({ files, changes }: CodeVersion, failure: TestFailure): CodeVersion => {
  const change = {
    file: files[0]?.path ?? "src/checks.js",
    requirement: failure.requirement,
    change: "Left as it is: the offline coder knows no repair for this failure.",
    reason: reasonOf(failure),
  };
  return { files, changes: [...changes, change] };
};

/** Adds a check for each failure that a directive ordered. Other failures it can only name. */
export const fix = (before: SourceCode, failures: readonly TestFailure[]): CodeVersion => {
  let version: CodeVersion = { files: before.files, changes: [] };
  for (const failure of failures) {
    const check = faultChecks.find(({ expected }) => expected === failure.expected);
    const why = { requirement: failure.requirement, reason: reasonOf(failure) };
    version = check ? withCheck(version, check, why) : leave(version, failure);
  }
  return version;
};

/** Lists the failures of the newest test results; none when the code has changed since. */
export const openFailures = ({ request }: Work): readonly TestFailure[] => {
  const results = newestAs(request, "test_results", TestResults);
  const version = newest(request, "source_code")?.version ?? 0;
  return results && results.source_version >= version ? results.failures : [];
};
