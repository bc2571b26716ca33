import * as z from "zod";
import { Id } from "../common.ts";
import { ProjectName, ProjectStatus } from "../project/project.ts";
import { ArtifactType } from "./artifact-type.ts";

const Digest = z.string().meta({ description: "SHA-256 in hex." });

export const DeliverableFile = z
  .object({
    path: z.string().meta({ description: "As in the archive." }),
    bytes: z.int().nonnegative(),
    sha256: Digest,
    artifact_type: ArtifactType.nullable().meta({
      description: "What it was made from; null for SUMMARY.md, README.md and DECISIONS.md.",
    }),
    context_id: Id.nullable(),
    version: z.int().positive().nullable(),
    original_path: z.string().optional().meta({
      description:
        "The agent's name for the file, where it had to be changed; at most 200 characters of it.",
    }),
  })
  .meta({ id: "DeliverableFile", description: "One file of a project's archive." });
export type DeliverableFile = z.infer<typeof DeliverableFile>;

export const DeliverableSummary = z
  .object({
    project_id: Id,
    name: ProjectName,
    file_name: z.string().meta({ description: "Of the archive." }),
    status: ProjectStatus,
    files: z
      .array(DeliverableFile)
      .meta({ description: "In the archive's order, as many as an answer holds." }),
    file_count: z.int().meta({ description: "Of all files." }),
    total_bytes: z.int().meta({ description: "Of all files, before compression." }),
    sha256: z.string().meta({
      description:
        "SHA-256, in hex, of the files' list: a line `<sha256>  <path>` for each, as sha256sum writes it.",
    }),
  })
  .meta({ id: "DeliverableSummary", description: "What is in a project's archive." });
export type DeliverableSummary = z.infer<typeof DeliverableSummary>;
