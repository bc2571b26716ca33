import { DeploymentLog } from "../contents/deployment-log.ts";
import type { FinalCheck } from "../contents/final-check.ts";
import { TestResults } from "../contents/test-results.ts";
import type { Work } from "./brief.ts";
import { newest, newestAs, textAt } from "./context.ts";
import { cite, feedbackSection } from "./feedback.ts";
import { planOf } from "./project-plan.ts";
import { specificationOf } from "./software-specification.ts";
import { counted, quote } from "./text.ts";

type Check = FinalCheck["checks"][number];

const expected = [
  "project_plan",
  "software_specification",
  "system_architecture",
  "implementation_plan",
  "source_code",
  "test_results",
  "deployment_log",
] as const;

const delivered = ({ request }: Work): FinalCheck["delivered"] =>
  expected.flatMap((artifact_type) => {
    const item = newest(request, artifact_type);
    if (!item) return [];
    return [
      {
        artifact_type,
        version: item.version,
        title: textAt(item.content, "title") || `A ${artifact_type.replaceAll("_", " ")}`,
      },
    ];
  });

const checksOf = (work: Work): Check[] => {
  const results = newestAs(work.request, "test_results", TestResults);
  const log = newestAs(work.request, "deployment_log", DeploymentLog);
  const { requirements } = specificationOf(work);
  const tested = requirements.filter(({ id }) =>
    results?.cases.some(({ requirement }) => requirement === id),
  );
  return [
    {
      check: "Every requirement was tested.",
      result: tested.length === requirements.length ? "ok" : "open",
      detail: `${tested.length} of ${counted(requirements.length, "requirement")} have at least one test case.`,
    },
    {
      check: "All tests pass.",
      result: results?.failed === 0 ? "ok" : "open",
      detail: results
        ? `${results.passed} passed, ${results.failed} failed.`
        : "There are no test results.",
    },
    {
      check: "The release is deployed.",
      result: log ? "ok" : "open",
      detail: log
        ? `${log.release}, ${counted(log.steps.length, "step")}.`
        : "There is no deployment log.",
    },
    ...work.brief.feedback.map(
      (item): Check => ({
        check: "A review was taken up.",
        result: "ok",
        detail: `${cite(item)}.`,
      }),
    ),
  ];
};

/** Writes the final check: which artifacts were delivered, and which checks passed. */
export const writeFinalCheck = (work: Work): FinalCheck => {
  const checks = checksOf(work);
  const artifacts = delivered(work);
  const open = checks.filter(({ result }) => result === "open").length;
  const questions = planOf(work).open_questions.slice(0, 2);
  return {
    title: `Final check: ${work.brief.name}`,
    summary: `${work.brief.name} is ${open === 0 ? "ready" : `ready, with ${counted(open, "open point")}`}: ${counted(artifacts.length, "artifact")} delivered, ${checks.length - open} of ${counted(checks.length, "check")} passed.`,
    verdict: open === 0 ? "ready" : "ready_with_open_points",
    completeness: Math.round(((checks.length - open) * 100) / checks.length),
    checks,
    delivered: artifacts,
    next_steps: [
      `Watch in the first week: ${work.brief.topics[0].quality}`,
      ...questions.map((question) => `Answer what the plan left open: ${quote(question)}`),
    ],
    feedback: feedbackSection(work.brief.feedback, () => "Checked, see above."),
  };
};
