import { type Failure, SourceCode, TestResults } from "../contents.ts";
import type { Work } from "./brief.ts";
import { addCheck, putFile } from "./change-code.ts";
import { type CodeFile, filesFor, isStored } from "./code-files.ts";
import { newest, newestAs } from "./context.ts";
import { faultBehind } from "./faults.ts";
import { cite, feedbackSection, unseen } from "./feedback.ts";
import { specificationOf } from "./software-specification.ts";
import { architectureOf } from "./system-architecture.ts";
import { counted, listed, lower } from "./text.ts";

type Change = SourceCode["changes"][number];
type Step = { files: CodeFile[]; changes: Change[] };

const decisionsPath = "docs/decisions.md";
const requireUser = {
  name: "requireUser",
  source: `export const requireUser = (call: Call): void => {
  if (call.user.trim() === "") throw new Error("Sign in first");
};
`,
};

const requireDetails = {
  name: "requireDetails",
  source: `export const requireDetails = (call: Call): void => {
  const isEmpty = Object.values(call.details).every((value) => value.trim() === "");
  if (isEmpty) throw new Error("Details are missing");
};
`,
};

const generate = (work: Work): Step => {
  const { requirements } = specificationOf(work);
  const architecture = architectureOf(work);
  const files = filesFor({ name: work.brief.name, requirements, architecture });
  const changes = architecture.components
    .filter((component) => component.requirements.length > 0)
    .map((component, index) => ({
      file: files[index]?.path ?? "src/index.ts",
      requirement: component.requirements[0] ?? null,
      change: `Written for ${listed(component.requirements)}.`,
      reason: component.responsibility,
    }));
  return { files, changes };
};

const holds = (file: CodeFile, requirement: string) =>
  file.content.includes(`/** ${requirement}: `);

const refine = (work: Work, before: SourceCode): Step => {
  const { requirements } = specificationOf(work);
  const ids = requirements.map(({ id }) => id);
  const storing = requirements.filter(isStored).map(({ id }) => id);
  const first = addCheck(before.files, ids, requireUser);
  const second = addCheck(first.files, storing, requireDetails);
  const changes = [...new Set([...first.changed, ...second.changed])].map((path) => ({
    file: path,
    requirement:
      ids.find((id) => before.files.some((file) => file.path === path && holds(file, id))) ?? null,
    change: second.changed.includes(path)
      ? "Every function calls requireUser; those that store something call requireDetails too."
      : "Every function calls requireUser first.",
    reason: `The first version trusted its caller: whoever knew the address reached ${path}.`,
  }));
  return { files: second.files, changes };
};

const fix = (before: SourceCode, failures: readonly Failure[]): Step =>
  failures.reduce<Step>(
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

/** What the newest tests hold against the newest code; a person may have answered with the same. */
const openFailures = ({ request }: Work): readonly Failure[] => {
  const results = newestAs(request, "test_results", TestResults);
  const version = newest(request, "source_code")?.version ?? 0;
  return results && results.source_version >= version ? results.failures : [];
};

const recordReview = (work: Work, step: Step): Step => {
  const earlier =
    step.files.find(({ path }) => path === decisionsPath)?.content ??
    `# Decisions for ${work.brief.name}\n\n`;
  const news = unseen(work.brief.feedback, earlier);
  if (news.length === 0) return step;
  const lines = news.map((item) => `- ${cite(item)}\n`).join("");
  const file = { path: decisionsPath, language: "markdown", content: `${earlier}${lines}` };
  const changes = news.map((item) => ({
    file: decisionsPath,
    requirement: null,
    change: `Recorded as binding for the code: ${cite(item)}.`,
    reason: "The review asked for it.",
  }));
  return { files: putFile(step.files, file), changes: [...step.changes, ...changes] };
};

const unchanged = (file: string): Change => ({
  file,
  requirement: null,
  change: "Read again and left as it is.",
  reason: "The checks of the last version already cover every function.",
});

const phrase = {
  written: "The first version of",
  refined: "A refined version of",
  fixed: "A corrected version of",
} as const;

export const writeCode = (work: Work): SourceCode => {
  const before = newestAs(work.request, "source_code", SourceCode);
  const failures = openFailures(work);
  const kind = !before ? "written" : failures.length > 0 ? "fixed" : "refined";
  const made = !before
    ? generate(work)
    : failures.length > 0
      ? fix(before, failures)
      : refine(work, before);
  const { files, changes } = recordReview(work, made);
  return {
    title: `Source code: ${work.brief.name}`,
    summary: `${phrase[kind]} ${work.brief.name}: ${counted(files.length, "file")}, ${counted(changes.length, "change")}${kind === "written" ? "" : " against the version before"}.`,
    files,
    changes: changes.length > 0 ? changes : [unchanged(files[0]?.path ?? "src/index.ts")],
    notes: [
      "Runs with Node 24 as it is; types are stripped, nothing has to be built.",
      ...specificationOf(work)
        .non_functional.slice(0, 1)
        .map((quality) => `To be measured once there is a database: ${lower(quality)}`),
    ],
    feedback: feedbackSection(
      work.brief.feedback,
      (item) => `Recorded in ${decisionsPath} and followed: ${cite(item)}.`,
    ),
  };
};
