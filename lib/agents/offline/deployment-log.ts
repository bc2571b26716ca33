import { byteLength } from "../../domain/json.ts";
import type { DeploymentLog } from "../contents/deployment-log.ts";
import { SourceCode } from "../contents/source-code.ts";
import { TestResults } from "../contents/test-results.ts";
import type { Work } from "./brief.ts";
import { newest, newestAs } from "./context.ts";
import { cite, feedbackSection } from "./feedback.ts";
import { slug } from "./slug.ts";
import { architectureOf } from "./system-architecture.ts";
import { counted } from "./text.ts";

type Step = DeploymentLog["steps"][number];

const done = (step: string, detail: string): Step => ({ step, status: "done", detail });

const testStep = (results: TestResults | undefined): Step =>
  results
    ? done(
        "Check the test results",
        `${counted(results.passed, "case")} passed, ${results.failed} failed.`,
      )
    : {
        step: "Check the test results",
        status: "skipped",
        detail: "No test results were handed over.",
      };

const smokeSteps = (work: Work): Step[] =>
  architectureOf(work)
    .interfaces.slice(0, 4)
    .map(({ method, path, purpose }) =>
      done(`Call ${method} ${path}`, `“${purpose}” answers as specified.`),
    );

/** Writes the log of a rehearsed deployment. */
export const writeDeploymentLog = (work: Work): DeploymentLog => {
  const { request, brief } = work;
  const version = newest(request, "source_code")?.version ?? 1;
  const code = newestAs(request, "source_code", SourceCode);
  const results = newestAs(request, "test_results", TestResults);
  const files = (code?.files ?? []).map(({ path, content }) => ({
    path,
    bytes: byteLength(content),
  }));
  const release = `${slug(brief.name) || "project"}-v${version}`;
  const size = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    title: `Deployment log: ${brief.name}`,
    summary: `Release ${release} of ${brief.name} was rehearsed from ${counted(files.length, "file")} (${size} bytes); every step ended well.`,
    release,
    environment: "Rehearsal: the offline agent deploys to no real environment.",
    files,
    tests: { passed: results?.passed ?? 0, failed: results?.failed ?? 0 },
    steps: [
      testStep(results),
      done(
        "Package the source code",
        `${counted(files.length, "file")} of version ${version} became ${release}.`,
      ),
      done("Switch over", `${release} takes all requests; the release before stays ready.`),
      ...smokeSteps(work),
      ...brief.feedback.map((item) => done("Check what the review asked for", `${cite(item)}.`)),
      done(
        "Hand over to operations",
        `To be watched from the first day: ${brief.topics[0].quality}`,
      ),
    ],
    rollback: `Switch the address back to ${version > 1 ? `${slug(brief.name) || "project"}-v${version - 1}` : "the empty release"}; the stored ${brief.noun} stay untouched.`,
    feedback: feedbackSection(brief.feedback, () => "Checked as a step of the deployment."),
  };
};
