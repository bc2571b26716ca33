import * as z from "zod";
import type { FinalCheck } from "../contents/final-check.ts";
import type { Requirement } from "../contents/software-specification.ts";
import { SourceCode } from "../contents/source-code.ts";
import { namedIn } from "./apply-wishes.ts";
import type { Work } from "./brief.ts";
import { newest, newestAs, textAt } from "./context.ts";
import { cite, comesFrom, type Feedback, feedbackSection } from "./feedback.ts";
import { isLibrary } from "./program/program.ts";
import { planOf } from "./project-plan.ts";
import { slug } from "./slug.ts";
import { specificationOf } from "./software-specification.ts";
import { clip, counted, listed, quote } from "./text.ts";

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

/** What is read of test results and of a deployment log: a model, a person or a tester that runs code may have written them. */
const Results = z.looseObject({
  status: z.string().optional(),
  run: z.looseObject({ command: z.string().optional() }).optional(),
  reason: z.string().optional(),
  passed: z.number().optional(),
  failed: z.number().optional(),
  cases: z.array(z.looseObject({ requirement: z.string(), status: z.string() })).catch([]),
});
const Log = z.looseObject({ status: z.string().optional(), release: z.string().optional() });

const ids = (requirements: readonly Requirement[]) => listed(requirements.map(({ id }) => id));

const isProgram = (path: string) => !/(?:^|\/)(?:tests?|docs)\/|\.test\.|\.(?:md|txt)$/i.test(path);

const programOf = ({ request }: Work): string =>
  (newestAs(request, "source_code", SourceCode)?.files ?? [])
    .filter((file) => isProgram(file.path) && !isLibrary(file))
    .map(({ content }) => content)
    .join("\n");

const names = (program: string, id: string): boolean =>
  new RegExp(`(?<![\\w-])${id.replace(/\W/g, "\\$&")}(?![\\w-])`).test(program);

/** Finds the requirements about which a program of the templates only keeps entries. */
const keptOnly = (program: string, requirements: readonly Requirement[]): Requirement[] => {
  const rows = program.split("\n").filter((line) => line.includes("kept_only: true"));
  return requirements.filter(({ id }) =>
    rows.some((row) => row.includes(`requirement: ${JSON.stringify(id)}`)),
  );
};

const codeCheck = (work: Work): Check => {
  const program = programOf(work);
  const musts = specificationOf(work).requirements.filter(({ priority }) => priority === "must");
  const missing = musts.filter(({ id }) => !names(program, id));
  const kept = keptOnly(program, musts);
  const there = musts.length - missing.length - kept.length;
  const gaps = [
    ...(missing.length > 0 ? [`nothing in the code names ${clip(ids(missing), 200)}`] : []),
    ...(kept.length > 0 ? [`of ${clip(ids(kept), 200)} it only keeps entries`] : []),
  ];
  return {
    check: "Does the source code have a part for every requirement that must be met?",
    result: gaps.length === 0 && program !== "" ? "ok" : "open",
    detail:
      program === ""
        ? "There is no source code."
        : `${[`${there} of ${musts.length}`, ...gaps].join("; ")}.`,
  };
};

const resultsOf = ({ request }: Work) => {
  const content = newest(request, "test_results")?.content;
  return content === undefined ? undefined : Results.safeParse(content).data;
};

const testedCheck = (work: Work): Check => {
  const { requirements } = specificationOf(work);
  const cases = resultsOf(work)?.cases.filter(({ status }) => status !== "not_run") ?? [];
  const kept = keptOnly(programOf(work), requirements);
  const tested = requirements.filter(
    (one) => !kept.includes(one) && cases.some((each) => each.requirement === one.id),
  );
  return {
    check: "Was every requirement tested?",
    result: tested.length === requirements.length ? "ok" : "open",
    detail: `${tested.length} of ${counted(requirements.length, "requirement")} have a case that was run${kept.length > 0 ? `; of ${clip(ids(kept), 200)} only that entries are kept` : ""}.`,
  };
};

const passCheck = (work: Work): Check => {
  const check = "Do all tests pass?";
  const results = resultsOf(work);
  if (!results) return { check, result: "open", detail: "There are no test results." };
  const { status, run, reason, passed = 0, failed = 0 } = results;
  const counts = `${passed} passed, ${failed} failed`;
  if (status === "not_run")
    return {
      check,
      result: "not_verified",
      detail: `The tests were not run: ${reason ?? "nobody said why"}.`,
    };
  if (failed > 0 || status === "failed") return { check, result: "open", detail: `${counts}.` };
  return run
    ? { check, result: "ok", detail: `${counts}, in a run of the tests.` }
    : {
        check,
        result: "not_verified",
        detail: `${counts}, as the tester says; no run is on record.`,
      };
};

const deployedCheck = ({ request }: Work): Check => {
  const check = "Is the release deployed?";
  const content = newest(request, "deployment_log")?.content;
  const log = content === undefined ? undefined : Log.safeParse(content).data;
  if (!log) return { check, result: "open", detail: "There is no deployment log." };
  if (log.status === "not_deployed")
    return {
      check,
      result: "open",
      detail: "The deployer deployed nothing; its log has the steps.",
    };
  return {
    check,
    result: "not_verified",
    detail: `The log of the deployer says so (${log.release ?? "without a release"}); the release was not looked at.`,
  };
};

/** Finds names that a review changed, and that the addresses of a program still have. */
const oldNames = (program: string, { wishes }: Feedback): string[] =>
  wishes.flatMap((wish) =>
    wish.kind === "rename" && program.includes(`path: "/${slug(wish.from)}`) ? [wish.from] : [],
  );

const reviewCheck = (work: Work, program: string, item: Feedback): Check => {
  const leftOut = work.brief.leftOutByWish.filter(({ said }) =>
    item.wishes.some((wish) => wish.said === said),
  );
  const left = namedIn(program, leftOut);
  const asked = specificationOf(work).requirements.filter(({ text }) => comesFrom(item, text));
  const open = [
    ...item.open,
    ...left.map((what) => `${quote(what)} is still in the source code.`),
    ...keptOnly(program, asked).map(
      ({ title }) => `${quote(title)} is not built: the program only keeps entries about it.`,
    ),
    ...oldNames(program, item).map((name) => `Addresses of the program still say ${quote(name)}.`),
  ];
  return {
    check: "Was the review taken up?",
    result: open.length === 0 ? "ok" : "open",
    detail: [`${cite(item)}.`, ...item.done, ...open].join(" "),
  };
};

const checksOf = (work: Work): Check[] => {
  const program = programOf(work);
  const said = work.brief.feedback.filter(({ done, open }) => done.length + open.length > 0);
  return [
    codeCheck(work),
    testedCheck(work),
    passCheck(work),
    deployedCheck(work),
    ...said.map((item) => reviewCheck(work, program, item)),
  ];
};

const nextSteps = (work: Work, checks: readonly Check[]): string[] => [
  ...(checks.some(({ check, result }) => check === "Do all tests pass?" && result !== "ok")
    ? ["Run the tests of the source code, and read what they say."]
    : []),
  ...work.brief.feedback
    .filter(({ open }) => open.length > 0)
    .map((item) => `Take up by hand, or with a model: ${cite(item)}.`),
  `Watch in the first week: ${work.brief.topics[0].quality}`,
  ...planOf(work)
    .open_questions.slice(0, 2)
    .map((question) => `Answer what the plan left open: ${quote(question)}`),
];

const summarise = (name: string, checks: readonly Check[], artifacts: number): string => {
  const count = (wanted: Check["result"]) =>
    checks.filter(({ result }) => result === wanted).length;
  const state = count("ok") === checks.length ? "ready" : "not ready as it stands";
  return `${name} is ${state}: ${counted(artifacts, "artifact")} delivered; of ${counted(checks.length, "check")} ${count("ok")} ok, ${count("open")} open, ${count("not_verified")} not verified.`;
};

/** Writes the final check: which artifacts were delivered, which checks hold, which do not, and which nobody could make. */
export const writeFinalCheck = (work: Work): FinalCheck => {
  const checks = checksOf(work);
  const artifacts = delivered(work);
  const ok = checks.filter(({ result }) => result === "ok").length;
  return {
    title: `Final check: ${work.brief.name}`,
    summary: summarise(work.brief.name, checks, artifacts.length),
    verdict: ok === checks.length ? "ready" : "ready_with_open_points",
    completeness: Math.floor((ok * 100) / checks.length),
    checks,
    delivered: artifacts,
    next_steps: nextSteps(work, checks),
    feedback: feedbackSection(work.brief.feedback, () => "The checks say whether it is there."),
  };
};
