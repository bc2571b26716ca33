import type { DeliverableFile } from "../domain/artifact/deliverable.ts";
import { withoutDirectives } from "../domain/directive-text.ts";
import { artifactDocument } from "./artifact-document.ts";
import { projectDecisions } from "./decisions.ts";
import { sha256Of, toBytes } from "./digest.ts";
import type { ArchivedArtifact, ArchiveInput, PackedFile, Part, SourceTree } from "./parts.ts";
import { projectReadme } from "./project-readme.ts";
import { projectSummary } from "./project-summary.ts";
import { slugOf } from "./safe-name.ts";
import { sourceFilesOf } from "./source-files.ts";
import { placeFiles } from "./source-paths.ts";

/** Most source files in one archive. A ZIP can hold 65 535 entries. */
const maxSourceFiles = 5_000;
/** Most characters that are shown of the original path of a renamed file. A path can be as long as its artifact. */
const maxShownCharacters = 200;

/** An archive: its files in their order, and the SHA-256 of their list. */
export type Deliverable = {
  file_name: string;
  files: PackedFile[];
  total_bytes: number;
  sha256: string;
};

const treeOf = ({ content }: ArchivedArtifact, folder: string, maxFiles: number): SourceTree => {
  const { files, skipped } = sourceFilesOf(content, maxFiles);
  const paths = placeFiles(files.map(({ original_path }) => original_path));
  return {
    folder,
    skipped,
    files: files.map((file, n) => ({ ...file, path: paths[n] ?? "_" })),
  };
};

/** Names artifacts by their type. The second of a type gets the suffix `-2`. */
const nameParts = (artifacts: readonly ArchivedArtifact[]): Part[] => {
  const counts = new Map<string, number>();
  let filesLeft = maxSourceFiles;
  return artifacts.map((artifact) => {
    const { artifact_type } = artifact;
    const count = (counts.get(artifact_type) ?? 0) + 1;
    counts.set(artifact_type, count);
    const number = count === 1 ? "" : `-${count}`;
    const name = `${artifact_type.replaceAll("_", "-")}${number}`;
    if (artifact_type !== "source_code") return { artifact, name, source: undefined };
    const source = treeOf(artifact, `source${number}`, filesLeft);
    filesLeft -= source.files.length;
    return { artifact, name, source };
  });
};

type Origin = Pick<DeliverableFile, "artifact_type" | "context_id" | "version">;

const noArtifact: Origin = { artifact_type: null, context_id: null, version: null };

const pack = (path: string, content: string | Uint8Array, from: Origin): PackedFile => {
  const data = typeof content === "string" ? toBytes(content) : content;
  const { artifact_type, context_id, version } = from;
  const sha256 = sha256Of(data);
  return { path, bytes: data.length, sha256, artifact_type, context_id, version, data };
};

const sourceFiles = ({ artifact, source }: Part): PackedFile[] =>
  (source?.files ?? []).map(({ path, original_path, data }) => ({
    ...pack(`${source?.folder}/${path}`, data, artifact),
    ...(path !== original_path && { original_path: original_path.slice(0, maxShownCharacters) }),
  }));

const listDigest = (files: readonly PackedFile[]): string =>
  sha256Of(files.map(({ sha256, path }) => `${sha256}  ${path}\n`).join(""));

/** Directives are for offline agents, not for readers. */
const readable = (project: ArchiveInput["project"]): ArchiveInput["project"] => ({
  ...project,
  name: withoutDirectives(project.name) || "Untitled project",
  description: project.description && withoutDirectives(project.description),
});

/**
 * Lays out a project's archive. All files are in one folder that is named like the project. The same artifacts and
 * decisions give the same files, byte for byte.
 */
export const layOut = ({ project: given, artifacts, log }: ArchiveInput): Deliverable => {
  const project = readable(given);
  const parts = nameParts(artifacts);
  const others = [
    pack("README.md", projectReadme(project, parts), noArtifact),
    pack("DECISIONS.md", projectDecisions(project, parts, log), noArtifact),
    ...parts.map((part) => pack(`docs/${part.name}.md`, artifactDocument(part), part.artifact)),
    ...parts.flatMap(sourceFiles),
    ...parts.map(({ name, artifact }) => pack(`artifacts/${name}.json`, artifact.json, artifact)),
  ];
  const summary = pack("SUMMARY.md", projectSummary(project, parts, others), noArtifact);
  const folder = slugOf(project.name, project.id);
  const files = [summary, ...others].map((file) => ({ ...file, path: `${folder}/${file.path}` }));
  return {
    file_name: `${folder}.zip`,
    files,
    total_bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    sha256: listDigest(files),
  };
};
