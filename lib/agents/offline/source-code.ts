import { SourceCode } from "../contents/source-code.ts";
import { namedIn } from "./apply-wishes.ts";
import type { Work } from "./brief.ts";
import { type CodeChange, type CodeVersion, putFile } from "./change-code.ts";
import { newestAs } from "./context.ts";
import { designOf } from "./design.ts";
import { cite, citedWords, comesFrom, type Feedback, feedbackSection } from "./feedback.ts";
import { fix, openFailures } from "./fix-code.ts";
import { isKeptOnly } from "./program/behaviour.ts";
import { partPath } from "./program/part-files.ts";
import { isLibrary, layoutOf, programFor } from "./program/program.ts";
import type { ProgramRoute } from "./program/routes.ts";
import { refine } from "./refine-code.ts";
import { specificationOf } from "./software-specification.ts";
import { counted, inMarkdown, listed } from "./text.ts";

const decisionsPath = "docs/decisions.md";
/** Most characters of a line in it. */
const maxLine = 1_000;

const generate = (work: Work): CodeVersion => {
  const design = designOf(work);
  const { parts } = layoutOf(design);
  const changes = parts.map(({ name, members }) => ({
    file: partPath(name),
    requirement: members[0]?.id ?? null,
    change:
      members.length > 0
        ? `Written for ${listed(members.map(({ id }) => id))}.`
        : "Written to keep entries: no requirement names anything else.",
    reason: `Keeps ${name.replaceAll("-", " ")}.`,
  }));
  return { files: programFor(design), changes };
};

const addressesOf = (routes: readonly ProgramRoute[]) =>
  listed(routes.map(({ behaviour, path }) => `${behaviour.method} ${path}`));

const builtSentence = (routes: readonly ProgramRoute[], item: Feedback): string => {
  const kept = routes.filter(({ requirement, behaviour }) => isKeptOnly(requirement, behaviour));
  const done = routes.filter((route) => !kept.includes(route));
  return [
    ...(done.length > 0 ? [`Built as ${addressesOf(done)}: ${cite(item)}.`] : []),
    ...(kept.length > 0
      ? [`Not built; entries about it can be kept at ${addressesOf(kept)}: ${cite(item)}.`]
      : []),
  ].join(" ");
};

/** Says what became of a review: the route that a program has for it, what is left out of it, or that nothing was built. */
const outcomeOf = (work: Work, { files }: CodeVersion, item: Feedback): string => {
  const { routes } = layoutOf(designOf(work));
  const program = files
    .filter((file) => !isLibrary(file))
    .map(({ content }) => content)
    .join("\n");
  const built = routes.filter(
    ({ requirement, path }) => comesFrom(item, requirement.text) && program.includes(`"${path}"`),
  );
  if (built.length > 0) return builtSentence(built, item);
  if (item.done.length === 0) return `Not taken up: ${cite(item)}.`;
  const left = work.brief.leftOutByWish.filter(({ said }) =>
    item.wishes.some((wish) => wish.said === said),
  );
  return left.length > 0 && namedIn(program, left).length === 0
    ? `Left out of the code: ${cite(item)}.`
    : `Written down, not built: ${cite(item)}.`;
};

const recordReview = (work: Work, step: CodeVersion): CodeVersion => {
  const earlier =
    step.files.find(({ path }) => path === decisionsPath)?.content ??
    `# Decisions for ${inMarkdown(work.brief.name, maxLine)}\n\n`;
  const news = work.brief.feedback.filter(
    (item) =>
      item.done.length + item.open.length > 0 &&
      !earlier.includes(inMarkdown(citedWords(item), maxLine)),
  );
  if (news.length === 0) return step;
  const lines = news
    .map((item) => `- ${inMarkdown(outcomeOf(work, step, item), maxLine)}\n`)
    .join("");
  const file = { path: decisionsPath, language: "markdown", content: `${earlier}${lines}` };
  const changes = news.map((item) => ({
    file: decisionsPath,
    requirement: null,
    change: outcomeOf(work, step, item),
    reason: "A review said so.",
  }));
  return { files: putFile(step.files, file), changes: [...step.changes, ...changes] };
};

const unchanged = (file: string): CodeChange => ({
  file,
  requirement: null,
  change: "Read again and left as it is.",
  reason: "The requirements have not changed, and no failure is open.",
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
  const version = recordReview(work, made);
  const { files, changes } = version;
  return {
    title: `Source code: ${work.brief.name}`,
    summary: `${phrase[kind]} ${work.brief.name}: ${counted(files.length, "file")}, ${counted(changes.length, "change")}${kind === "written" ? "" : " against the version before"}.`,
    files,
    changes: changes.length > 0 ? changes : [unchanged(files[0]?.path ?? "src/routes.js")],
    notes: [
      "Runs with Node 20 or newer, without other packages: npm install, npm test, npm start.",
      "README.md says for each requirement what the program does, and what it does not.",
      `${specificationOf(work).non_functional.length} statements about quality were not measured.`,
    ],
    feedback: feedbackSection(work.brief.feedback, (item) => outcomeOf(work, version, item)),
  };
};
