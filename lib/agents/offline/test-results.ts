import type { Requirement } from "../contents/software-specification.ts";
import type { TestFailure, TestResults, TestStatus } from "../contents/test-results.ts";
import type { Work } from "./brief.ts";
import { verbOf } from "./components.ts";
import { newest } from "./context.ts";
import { readDirectives } from "./directives.ts";
import { cite, feedbackSection } from "./feedback.ts";
import { faultChecks } from "./program/checks.ts";
import { specificationOf } from "./software-specification.ts";
import type { TestOutcome, TestRun } from "./test-run.ts";
import { capital, counted } from "./text.ts";
import { accessOf } from "./words.ts";

type Case = TestResults["cases"][number];
type Verdict = Pick<TestResults, "summary" | "status" | "reason" | "run" | "cases" | "failures">;

const maxCases = 200;
const maxMessage = 500;

const simulated = "simulated as the project asks; nothing was run";

/** What would have to be tried: an acceptance criterion of each requirement. */
const untried = (requirements: readonly Requirement[]): Case[] =>
  requirements.flatMap(({ id, acceptance_criteria }) =>
    acceptance_criteria
      .slice(0, 1)
      .map((name): Case => ({ name, requirement: id, status: "not_run" })),
  );

/** Makes the simulated failures of a round: two in the first round, one in each later round. */
const failuresOf = (requirements: readonly Requirement[], round: number): TestFailure[] => {
  const storing = requirements.filter(
    (each) => verbOf(each) !== "" && accessOf(verbOf(each)) === "add",
  );
  const working = requirements.filter((each) => verbOf(each) !== "");
  const candidates = [storing, working, requirements].find(({ length }) => length > 0) ?? [];
  const { trigger, expected } = faultChecks[round % faultChecks.length] ?? faultChecks[0];
  const picked = [round, ...(round === 0 ? [1] : [])].map(
    (index) => candidates[index % candidates.length],
  );
  return [...new Set(picked)].flatMap((requirement) =>
    requirement
      ? [
          {
            case: `${requirement.title}: ${trigger} (simulated)`,
            requirement: requirement.id,
            expected,
            actual: simulated,
          },
        ]
      : [],
  );
};

/** Whether a directive orders that this test run fails. */
export const mustFail = ({ project, task, failed_test_runs }: Work["request"]): boolean => {
  const text = `${project.description ?? ""}\n${task.instructions}`;
  return failed_test_runs < readDirectives(text, task.agent_type).failedTestRuns;
};

const simulate = (work: Work, requirements: readonly Requirement[]): Verdict => {
  const failures = failuresOf(requirements, work.request.failed_test_runs);
  const failed = failures.map(
    ({ case: name, requirement, expected, actual }): Case => ({
      name,
      requirement,
      status: "failed",
      message: `Expected that ${expected}, but ${actual}.`,
    }),
  );
  return {
    summary: `${capital(work.brief.name)}: not run. ${counted(failures.length, "failure")} simulated, as the project asks.`,
    status: "failed",
    reason: simulated,
    cases: [...untried(requirements), ...failed],
    failures,
  };
};

const skip = (work: Work, requirements: readonly Requirement[], reason: string): Verdict => ({
  summary: `${capital(work.brief.name)}: not run: ${reason}. Nothing is known about whether the code works.`,
  status: "not_run",
  reason,
  cases: untried(requirements),
  failures: [],
});

/** Requirements that no case of a run tries: they are about the whole, or nobody built them. */
const untriedIn = (cases: readonly Case[], requirements: readonly Requirement[]): Case[] =>
  untried(requirements.filter(({ id }) => !cases.some(({ requirement }) => requirement === id)));

const report = (
  work: Work,
  requirements: readonly Requirement[],
  run: TestRun & { kind: "ran" },
  trials: TestOutcome["trials"],
): Verdict => {
  const cases = run.cases.map(
    ({ name, passed, message }): Case => ({
      name: name || "(no name)",
      requirement: trials.get(name) ?? "every part",
      status: passed ? "passed" : "failed",
      ...(message !== "" && { message: message.slice(0, maxMessage) }),
    }),
  );
  const failed = cases.filter(({ status }) => status === "failed");
  const status: TestStatus = failed.length > 0 ? "failed" : "passed";
  const left = untriedIn(cases, requirements);
  const untested = left.length > 0 ? ` ${counted(left.length, "requirement")} not tested.` : "";
  return {
    summary: `${capital(work.brief.name)}: ${counted(cases.length, "test")} run, ${cases.length - failed.length} passed, ${failed.length} failed (Node ${run.node}, ${run.durationMs} ms).${untested}`,
    status,
    run: { command: run.command, node: run.node, duration_ms: run.durationMs },
    cases: [...cases, ...left].slice(0, maxCases),
    failures: failed.slice(0, 20).map(({ name, requirement, message }) => ({
      case: name,
      requirement,
      expected: "the test passes",
      actual: message ?? "it failed",
    })),
  };
};

const verdictOf = (
  work: Work,
  requirements: readonly Requirement[],
  { run, trials }: TestOutcome,
): Verdict => {
  if (mustFail(work.request)) return simulate(work, requirements);
  return run.kind === "ran"
    ? report(work, requirements, run, trials)
    : skip(work, requirements, run.reason);
};

const countOf = ({ cases }: Verdict, wanted: TestStatus): number =>
  cases.filter(({ status }) => status === wanted).length;

/** Writes test results: of a real run, or "not run" with the reason, or the failures that a directive orders. */
export const writeTestResults = (work: Work, outcome: TestOutcome): TestResults => {
  const { requirements } = specificationOf(work);
  const verdict = verdictOf(work, requirements, outcome);
  return {
    title: `Test results: ${work.brief.name}`,
    source_version: newest(work.request, "source_code")?.version ?? 0,
    ...verdict,
    passed: countOf(verdict, "passed"),
    failed: countOf(verdict, "failed"),
    feedback: feedbackSection(
      work.brief.feedback,
      (item) => `Read, not tested by a case of its own: ${cite(item)}.`,
    ),
  };
};
