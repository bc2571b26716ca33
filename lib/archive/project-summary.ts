import { withCodes } from "../domain/common.ts";
import { codeSpan, markdownInline } from "../domain/markdown-text.ts";
import { codeCell, document, heading, paragraph, table } from "./markdown.ts";
import { type ArchiveInput, authorOf, type PackedFile, type Part } from "./parts.ts";

const facts = (project: ArchiveInput["project"]): string =>
  table(
    ["Project", codeSpan(project.id)],
    [
      ["Status", project.status],
      ["Phase", project.current_phase],
      ["Oversight", project.oversight_level],
      ["Workflow", project.workflow],
      ["Created", project.created_at],
      ["Updated", project.updated_at],
      ["Completed", project.completed_at ?? "–"],
    ],
  );

const artifactTable = (parts: readonly Part[]): string =>
  table(
    ["Type", "Version", "Author", "SHA-256", "Updated", "Document"],
    parts.map(({ name, artifact }) => [
      artifact.artifact_type,
      String(artifact.version),
      markdownInline(authorOf(artifact)),
      codeSpan(artifact.sha256),
      artifact.updated_at,
      `[docs/${name}.md](docs/${name}.md)`,
    ]),
  );

/** Replaces control and format characters by their codes. */
const withVisibleCharacters = (text: string): string =>
  withCodes(JSON.stringify(text), /[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu);

const renamedFiles = (files: readonly PackedFile[]): string[] => {
  const rows = files.flatMap(({ path, original_path }) =>
    original_path === undefined
      ? []
      : [[codeSpan(path), codeCell(withVisibleCharacters(original_path))]],
  );
  return rows.length === 0
    ? []
    : [
        heading(2, "Files with another name"),
        "Not every name that an agent gives is one for every file system.",
        table(["Path", "The agent's name"], rows),
      ];
};

const skippedFiles = (parts: readonly Part[]): string[] => {
  const lines = parts.flatMap(({ name, source }) =>
    source && source.skipped > 0
      ? [`${source.skipped} entries of ${codeSpan(`artifacts/${name}.json`)} are not unpacked.`]
      : [],
  );
  return lines.length === 0
    ? []
    : [
        heading(2, "Files that are not unpacked"),
        "They have no path or no content, or there are too many: their JSON has them.",
        ...lines,
      ];
};

/**
 * Writes SUMMARY.md: the project, its artifacts, and every other file with its SHA-256.
 *
 * @param files the other files; their paths begin below the top folder
 */
export const projectSummary = (
  project: ArchiveInput["project"],
  parts: readonly Part[],
  files: readonly PackedFile[],
): string =>
  document([
    heading(1, project.name),
    ...(project.description?.trim() ? [paragraph(project.description)] : []),
    facts(project),
    heading(2, "Artifacts"),
    parts.length === 0 ? "None." : artifactTable(parts),
    heading(2, "Files"),
    table(
      ["Path", "Bytes", "SHA-256"],
      files.map(({ path, bytes, sha256 }) => [codeSpan(path), String(bytes), codeSpan(sha256)]),
    ),
    ...renamedFiles(files),
    ...skippedFiles(parts),
  ]);
