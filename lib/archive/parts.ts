import type { ContextArtifact } from "../domain/artifact/artifact.ts";
import type { DeliverableFile } from "../domain/artifact/deliverable.ts";
import type { Event } from "../domain/events.ts";
import type { Project } from "../domain/project/project.ts";

/** An artifact with the canonical JSON of its content. */
export type ArchivedArtifact = ContextArtifact & { json: string };

/** What an archive is made of. */
export type ArchiveInput = {
  project: Project;
  artifacts: readonly ArchivedArtifact[];
  /** The decisions in the log, oldest first; `isWhole` tells whether the log was read to its end. */
  log: { events: readonly Event[]; isWhole: boolean };
};

/** A file of the archive with its bytes. `path` is its path in the archive. */
export type PackedFile = DeliverableFile & { data: Uint8Array };

/** The files of one source_code artifact, by their paths below `folder`. */
export type SourceTree = {
  folder: string;
  files: { path: string; original_path: string; language: unknown; data: Uint8Array }[];
  /** How many entries were skipped: they have no path or no content, or there are too many. */
  skipped: number;
};

/** An artifact with its name in the archive, and with its source files when it is source code. */
export type Part = { artifact: ArchivedArtifact; name: string; source: SourceTree | undefined };

/** Names who wrote an artifact, as its metadata says: "offline analyst", "openai/gpt-5", "user". */
export const authorOf = ({ source_agent, artifact_metadata }: ArchivedArtifact): string => {
  const { written_by } = artifact_metadata;
  return source_agent !== "user" && typeof written_by === "string" && written_by.trim() !== ""
    ? written_by.slice(0, 200)
    : source_agent;
};
