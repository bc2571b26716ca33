import type { Requirement } from "../contents/software-specification.ts";
import { SourceCode } from "../contents/source-code.ts";
import type { TestFailure, TestResults } from "../contents/test-results.ts";
import type { Work } from "./brief.ts";
import { verbOf } from "./components.ts";
import { newest, newestAs } from "./context.ts";
import { readDirectives } from "./directives.ts";
import { faultOfRound } from "./faults.ts";
import { cite, feedbackSection } from "./feedback.ts";
import { specificationOf } from "./software-specification.ts";
import { capital, counted, lower } from "./text.ts";
import { accessOf } from "./words.ts";

type Case = TestResults["cases"][number];

const maxCases = 16;

const casesFor = (requirements: readonly Requirement[]): Case[] => {
  const perRequirement = requirements.length * 2 > maxCases ? 1 : 2;
  return requirements
    .flatMap(({ id, acceptance_criteria }) =>
      acceptance_criteria
        .slice(0, perRequirement)
        .map((criterion): Case => ({ name: criterion, requirement: id, status: "passed" })),
    )
    .slice(0, maxCases);
};

/** Makes the failures of a round: two in the first round, one in each later round. */
const failuresOf = (requirements: readonly Requirement[], round: number): TestFailure[] => {
  const storing = requirements.filter(
    (each) => verbOf(each) !== "" && accessOf(verbOf(each)) === "add",
  );
  const working = requirements.filter((each) => verbOf(each) !== "");
  const candidates = [storing, working, requirements].find(({ length }) => length > 0) ?? [];
  const { trigger, expected, actual } = faultOfRound(round);
  const picked = [round, ...(round === 0 ? [1] : [])].map(
    (index) => candidates[index % candidates.length],
  );
  return [...new Set(picked)].flatMap((requirement) =>
    requirement
      ? [
          {
            case: `${requirement.title}: ${trigger}`,
            requirement: requirement.id,
            expected,
            actual,
          },
        ]
      : [],
  );
};

const failedCase = ({ case: name, requirement, expected, actual }: TestFailure): Case => ({
  name,
  requirement,
  status: "failed",
  message: `Expected that ${expected}, but ${actual}.`,
});

/** Whether a directive orders that this test run fails. */
export const mustFail = ({ project, task, failed_test_runs }: Work["request"]): boolean => {
  const text = `${project.description ?? ""}\n${task.instructions}`;
  return failed_test_runs < readDirectives(text, task.agent_type).failedTestRuns;
};

const summarise = (work: Work, passed: number, failures: readonly TestFailure[]) => {
  const files = newestAs(work.request, "source_code", SourceCode)?.files.length ?? 0;
  const tested = files > 0 ? ` in ${counted(files, "file")}` : "";
  const [first] = failures;
  const result = first
    ? `${failures.length} failed, first of all ${lower(first.case)} (${first.requirement})`
    : "none failed";
  return `${capital(work.brief.name)}${tested}: ${counted(passed, "case")} passed, ${result}.`;
};

/** Writes test results: a case for each acceptance criterion and review, and the failures that a directive orders. */
export const writeTestResults = (work: Work): TestResults => {
  const { requirements } = specificationOf(work);
  const passed = casesFor(requirements);
  const failures = mustFail(work.request)
    ? failuresOf(requirements, work.request.failed_test_runs)
    : [];
  const reviews = work.brief.feedback.map(
    (item): Case => ({
      name: `The review's point is respected: ${cite(item)}`,
      requirement: requirements.find(({ text }) => text.includes(cite(item)))?.id ?? "review",
      status: "passed",
    }),
  );
  const cases = [...passed, ...reviews, ...failures.map(failedCase)];
  return {
    title: `Test results: ${work.brief.name}`,
    summary: summarise(work, cases.length - failures.length, failures),
    source_version: newest(work.request, "source_code")?.version ?? 0,
    passed: cases.length - failures.length,
    failed: failures.length,
    cases,
    failures,
    feedback: feedbackSection(
      work.brief.feedback,
      (item) => `Has a case of its own: ${cite(item)}.`,
    ),
  };
};
