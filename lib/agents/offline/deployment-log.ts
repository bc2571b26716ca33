import { byteLength } from "../../domain/json.ts";
import type { DeploymentLog } from "../contents/deployment-log.ts";
import { SourceCode } from "../contents/source-code.ts";
import { TestResults } from "../contents/test-results.ts";
import type { Work } from "./brief.ts";
import { newest, newestAs } from "./context.ts";
import { cite, feedbackSection } from "./feedback.ts";
import { slug } from "./slug.ts";
import { counted } from "./text.ts";

type Step = DeploymentLog["steps"][number];

const toDo = (step: string, detail: string): Step => ({ step, status: "to_do", detail });

const testStep = (results: TestResults | undefined): Step => {
  if (!results)
    return toDo("Run the tests", "No test results were handed over. Run them: npm test.");
  if (results.status === "not_run")
    return toDo("Run the tests", "They were not run. Run them: npm test.");
  return {
    step: "Read the test results",
    status: "done",
    detail: `${counted(results.passed, "case")} passed, ${results.failed} failed${results.run ? ` (Node ${results.run.node})` : ", as the tester says"}.`,
  };
};

/** The steps that a person can take with code that has a package.json; with other code they depend on what it is. */
const startSteps = (code: SourceCode | undefined): Step[] =>
  code?.files.some(({ path }) => path === "package.json")
    ? [
        toDo("Unpack the source code", "The project's archive has it in the folder source/."),
        toDo("Install and test it", "In that folder: npm install, then npm test."),
        toDo("Start it", "npm start; it prints its address. PORT, HOST and DATA_FILE set it up."),
        toDo("Put a login in front of it", "Before others can reach it: see its README.md."),
      ]
    : [
        toDo("Unpack the source code", "The project's archive has it in the folder source/."),
        toDo("Find out how it is started", "It has no package.json that says so."),
      ];

const rollbackTo = (version: number): string =>
  version > 1
    ? `Nothing runs, so there is nothing to roll back. Once version ${version} runs: version ${version - 1} of the source code is kept as well, and is started in the same way.`
    : "Nothing runs, so there is nothing to roll back, and there is no version before this one.";

/** Writes down that nothing was deployed, and the steps that a person can take. */
export const writeDeploymentLog = (work: Work): DeploymentLog => {
  const { request, brief } = work;
  const version = newest(request, "source_code")?.version ?? 0;
  const code = newestAs(request, "source_code", SourceCode);
  const results = newestAs(request, "test_results", TestResults);
  const files = (code?.files ?? []).map(({ path, content }) => ({
    path,
    bytes: byteLength(content),
  }));
  const release = version > 0 ? `${slug(brief.name) || "project"}-v${version}` : "none";
  const size = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    title: `Deployment log: ${brief.name}`,
    summary: `Not deployed: the offline agent has no environment to deploy to. Version ${version} of the source code has ${counted(files.length, "file")} (${size} bytes); the steps say how a person starts it.`,
    status: "not_deployed",
    release,
    environment: "None: nothing was deployed.",
    files,
    tests: { passed: results?.passed ?? 0, failed: results?.failed ?? 0 },
    steps: [
      testStep(results),
      ...startSteps(code),
      ...brief.feedback
        .filter(({ said }) => said !== "Approved.")
        .map((item) => toDo("Look whether the review was followed", `${cite(item)}.`)),
      toDo("Watch it", brief.topics[0].quality),
    ],
    rollback: rollbackTo(version),
    feedback: feedbackSection(brief.feedback, () => "A step for a person; nothing was deployed."),
  };
};
