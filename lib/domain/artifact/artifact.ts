import * as z from "zod";
import { Id, Instant } from "../common.ts";
import { Json, JsonObject } from "../json.ts";
import { AgentType } from "../project/agent.ts";
import { ArtifactType } from "./artifact-type.ts";

export const SourceAgent = z.union([AgentType, z.literal("user")]).meta({ id: "SourceAgent" });
export type SourceAgent = z.infer<typeof SourceAgent>;

/** Most bytes of the canonical JSON of an artifact's content. */
export const maxContentBytes = 256 * 1024;
/** Most bytes of the canonical JSON of an artifact's metadata. */
export const maxMetadataBytes = 16 * 1024;

export const ArtifactSummary = z
  .object({
    context_id: Id,
    project_id: Id,
    source_agent: SourceAgent,
    artifact_type: ArtifactType,
    artifact_metadata: JsonObject,
    version: z.int().positive(),
    sha256: z.string().meta({ description: "SHA-256 of the canonical JSON of content, in hex." }),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: "ArtifactSummary", description: "A context artifact without its content." });
export type ArtifactSummary = z.infer<typeof ArtifactSummary>;

export const ContextArtifact = ArtifactSummary.extend({ content: Json }).meta({
  id: "ContextArtifact",
  description: "What an agent or a person made, in one of its versions.",
});
export type ContextArtifact = z.infer<typeof ContextArtifact>;

export const ArtifactRecord = ArtifactSummary.extend({ rev: z.int(), deleted: z.boolean() });
export type ArtifactRecord = z.infer<typeof ArtifactRecord>;

export const ArtifactRef = z
  .object({
    context_id: Id,
    version: z.int().positive(),
    sha256: z.string(),
  })
  .meta({ id: "ArtifactRef", description: "Which artifact, in which version." });
export type ArtifactRef = z.infer<typeof ArtifactRef>;

/** Gives the reference alone, without the other fields of an object. */
export const refOf = ({ context_id, version, sha256 }: ArtifactRef): ArtifactRef => ({
  context_id,
  version,
  sha256,
});
