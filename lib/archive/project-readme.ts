import type { ArtifactType } from "../domain/artifact/artifact-type.ts";
import type { Json } from "../domain/json.ts";
import { codeSpan, markdownInline, markdownLine } from "../domain/markdown-text.ts";
import { type Fields, fieldsOf, isScalar, listOf, textOf } from "./json-fields.ts";
import { bullets, document, heading, paragraph, table } from "./markdown.ts";
import { type ArchiveInput, authorOf, type Part } from "./parts.ts";
import { finalCheckOf, reviewsOf } from "./readme-reviews.ts";
import { label } from "./render-json.ts";

/** Most lines that are shown of a list of requirements or steps. */
const maxLines = 50;

const newestContent = (parts: readonly Part[], type: ArtifactType): Fields =>
  fieldsOf(parts.findLast(({ artifact }) => artifact.artifact_type === type)?.artifact.content);

const section = (title: string, blocks: readonly string[]): string[] =>
  blocks.length === 0 ? [] : [heading(3, title), ...blocks];

/** Makes a paragraph of each of these fields that holds a text. */
const paragraphsOf = (fields: Fields, ...keys: string[]): string[] =>
  keys.flatMap((key) => textOf(fields[key]) ?? []).map(paragraph);

/** Makes one line of each item, from the fields that `toLine` picks. */
const bulletList = (list: Json | undefined, toLine: (item: Fields) => string[]): string[] => {
  const all = listOf(list).map((item) => toLine(fieldsOf(item)).join(" ").trim());
  const texts = all.filter((text) => text !== "");
  const shown = texts.slice(0, maxLines);
  if (shown.length === 0) return [];
  const more = texts.length - shown.length;
  return [bullets([...shown.map(markdownLine), ...(more > 0 ? [`and ${more} more`] : [])])];
};

const requirements = ({ requirements: list }: Fields): string[] =>
  bulletList(list, ({ id, title, text, priority }) => [
    ...[id, textOf(title) ?? text].flatMap((value) => textOf(value) ?? []),
    ...(textOf(priority) ? [`(${textOf(priority)})`] : []),
  ]);

const sourceLines = (parts: readonly Part[]): string[] => {
  const trees = parts.flatMap((part) => part.source ?? []).filter(({ files }) => files.length > 0);
  return trees.map(({ folder, files }) => {
    const guide = files.find(({ path }) => path.toLowerCase() === "readme.md");
    const start = guide ? `; begin with ${codeSpan(`${folder}/${guide.path}`)}` : "";
    return `${files.length} ${files.length === 1 ? "file" : "files"} in ${codeSpan(`${folder}/`)}${start}.`;
  });
};

const tests = ({ passed, failed, summary, status }: Fields): string[] => [
  ...(status === "not_run" ? ["The tests were not run."] : []),
  ...(status !== "not_run" && typeof passed === "number" && typeof failed === "number"
    ? [`${passed} passed, ${failed} failed.`]
    : []),
  ...paragraphsOf({ summary: summary ?? null }, "summary"),
];

const facts = (fields: Fields, ...keys: string[]): string[] => {
  const known = keys.filter((key) => isScalar(fields[key]) && fields[key] !== null);
  return known.length === 0
    ? []
    : [bullets(known.map((key) => `${label(key)}: ${markdownInline(String(fields[key]))}`))];
};

const deployment = (log: Fields): string[] => [
  ...facts(log, "release", "environment"),
  ...paragraphsOf(log, "summary"),
  ...bulletList(log.steps, ({ step, status, detail }) => [
    textOf(step) ?? "",
    ...(textOf(status) ? [`(${status})`] : []),
    ...(textOf(detail) ? [`– ${detail}`] : []),
  ]),
];

const reviews = (parts: readonly Part[]): string[] => {
  const all = reviewsOf(parts);
  if (all.length === 0) return [];
  const more = all.length - maxLines;
  return [
    "The requirements above are those of the specification. What people said before and after it:",
    table(
      ["Said", "What became of it"],
      all.slice(0, maxLines).map(({ said, taken_up }) => [said, taken_up].map(markdownInline)),
    ),
    ...(more > 0 ? [`${more} more are in \`docs/\`.`] : []),
  ];
};

/** Tells the verdict, and each check that does not hold or was not made. */
const finalCheck = (check: Fields): string[] => {
  const { checks } = check;
  const left = listOf(checks).filter((item) => fieldsOf(item).result !== "ok");
  return [
    ...paragraphsOf(check, "summary"),
    ...bulletList(left, ({ check: question, result, detail }) => [
      textOf(question) ?? "",
      ...(textOf(result) ? [`(${textOf(result)})`] : []),
      ...(textOf(detail) ? [`– ${detail}`] : []),
    ]),
  ];
};

const whatWasBuilt = (parts: readonly Part[]): string[] => {
  const specification = newestContent(parts, "software_specification");
  const blocks = [
    ...paragraphsOf(newestContent(parts, "project_plan"), "summary"),
    ...paragraphsOf(specification, "overview", "summary"),
    ...section("Requirements", requirements(specification)),
    ...section("Reviews", reviews(parts)),
    ...section(
      "Architecture",
      paragraphsOf(newestContent(parts, "system_architecture"), "overview", "summary"),
    ),
    ...section("Source code", sourceLines(parts)),
    ...section("Tests", tests(newestContent(parts, "test_results"))),
    ...section("Deployment", deployment(newestContent(parts, "deployment_log"))),
    ...section("Final check", finalCheck(finalCheckOf(parts))),
  ];
  return blocks.length > 0 ? blocks : ["Nothing yet."];
};

const authors = (parts: readonly Part[]): string[] =>
  parts.length === 0
    ? []
    : [
        heading(2, "Who wrote what"),
        table(
          ["Artifact", "Version", "Written by", "At"],
          parts.map(({ name, artifact }) => [
            `[${name}](docs/${name}.md)`,
            String(artifact.version),
            markdownInline(authorOf(artifact)),
            artifact.updated_at,
          ]),
        ),
        "An offline agent fills templates with the project's own words: no model wrote its texts or its code. [DECISIONS.md](DECISIONS.md) has what people decided.",
      ];

const layout = [
  ["`DECISIONS.md`", "who approved, rejected or amended what, when, and in which words"],
  ["`SUMMARY.md`", "the project, its artifacts, and every file with its SHA-256"],
  ["`docs/`", "each artifact as a document to read"],
  [
    "`source/`",
    "the source files in their folders; those of a second source_code artifact are in `source-2/`",
  ],
  [
    "`artifacts/`",
    "each artifact's content as canonical JSON (RFC 8785): the file's SHA-256 is the artifact's",
  ],
];

/** Writes the README of an archive: what was built, and which folder holds what. */
export const projectReadme = (
  { name, description, status, current_phase }: ArchiveInput["project"],
  parts: readonly Part[],
): string =>
  document([
    heading(1, name),
    ...(textOf(description) ? [paragraph(String(description))] : []),
    `The project is ${status}; its phase is ${current_phase}.`,
    heading(2, "What was built"),
    ...whatWasBuilt(parts),
    ...authors(parts),
    heading(2, "What is where"),
    table(["Path", "Holds"], layout),
  ]);
