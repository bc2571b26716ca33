import { withoutDirectives } from "../domain/directive-text.ts";
import { isObject, type Json } from "../domain/json.ts";
import { codeSpan, markdownInline } from "../domain/markdown-text.ts";
import { toBytes } from "./digest.ts";
import { fieldsOf, textOf } from "./json-fields.ts";
import { document, heading, paragraph, table } from "./markdown.ts";
import { authorOf, type Part, type SourceTree } from "./parts.ts";
import { label, renderJson } from "./render-json.ts";

/** Most bytes of a document. JSON can grow when it is rendered; the archive also holds it as JSON. */
const maxDocumentBytes = 1_000_000;

const originLine = ({ artifact, name }: Part): string =>
  [
    `*${artifact.artifact_type}, version ${artifact.version}, by ${markdownInline(authorOf(artifact))},`,
    `${artifact.updated_at}; as JSON: [artifacts/${name}.json](../artifacts/${name}.json)*`,
  ].join(" ");

const fileTable = ({ folder, files, skipped }: SourceTree): string[] => [
  heading(2, "Files"),
  files.length === 0
    ? "None."
    : table(
        ["Path", "Language", "Bytes"],
        files.map(({ path, language, data }) => [
          codeSpan(`${folder}/${path}`),
          typeof language === "string" ? markdownInline(language.slice(0, 50)) : "–",
          String(data.length),
        ]),
      ),
  ...(skipped > 0 ? [`${skipped} more entries are not unpacked: see the JSON.`] : []),
];

const bodyOf = (content: Json, source: SourceTree | undefined): string[] => {
  if (typeof content === "string") return [paragraph(content)];
  if (!isObject(content)) return renderJson(content, 2);
  const { title, files, ...others } = content;
  const rest = {
    ...others,
    ...(textOf(title) === undefined && title !== undefined && { title }),
    ...(!source?.files.length && files !== undefined && { files }),
  };
  return [
    ...(Object.keys(rest).length > 0 ? renderJson(rest, 2) : []),
    ...(source?.files.length ? fileTable(source) : []),
  ];
};

const stripAll = (value: Json): Json => {
  if (typeof value === "string") return withoutDirectives(value);
  if (Array.isArray(value)) return value.map(stripAll);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, stripAll(each)]));
};

/** A person's words may hold directives, which are for offline agents and not for readers. */
const readable = ({ artifact_type, content }: Part["artifact"]): Json =>
  artifact_type === "user_input" || artifact_type === "hitl_response" ? stripAll(content) : content;

/** Renders an artifact as a Markdown document. A document of more than 1 MB becomes a note that points at the JSON. */
export const artifactDocument = (part: Part): string => {
  const { artifact_type } = part.artifact;
  const content = readable(part.artifact);
  const title = textOf(fieldsOf(content).title)?.slice(0, 200) ?? label(artifact_type);
  const head = [heading(1, title), originLine(part)];
  const text = document([...head, ...bodyOf(content, part.source)]);
  return toBytes(text).length <= maxDocumentBytes
    ? text
    : document([...head, paragraph("It is too large to be shown here: see the JSON.")]);
};
