import { SourceCode } from "../contents/source-code.ts";
import type { Work } from "./brief.ts";
import { type CodeChange, type CodeVersion, putFile } from "./change-code.ts";
import { filesFor } from "./code-files.ts";
import { newestAs } from "./context.ts";
import { cite, feedbackSection, unseen } from "./feedback.ts";
import { fix, openFailures } from "./fix-code.ts";
import { refine } from "./refine-code.ts";
import { specificationOf } from "./software-specification.ts";
import { architectureOf } from "./system-architecture.ts";
import { counted, listed, lower } from "./text.ts";

const decisionsPath = "docs/decisions.md";

const generate = (work: Work): CodeVersion => {
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

const recordReview = (work: Work, step: CodeVersion): CodeVersion => {
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

const unchanged = (file: string): CodeChange => ({
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

/** Writes the source code: a first version, or one that is fixed or refined. */
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
