import type { ContextArtifact } from "../domain/artifact/artifact.ts";
import type { DeliverableFile } from "../domain/artifact/deliverable.ts";
import type { Project } from "../domain/project/project.ts";

/** An artifact with the canonical JSON of its content. */
export type ArchivedArtifact = ContextArtifact & { json: string };

/** What an archive is made of. */
export type ArchiveInput = { project: Project; artifacts: readonly ArchivedArtifact[] };

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
