import { sha256Of } from "../../../lib/archive/digest.ts";
import type { ArchivedArtifact } from "../../../lib/archive/parts.ts";
import type { ArtifactType } from "../../../lib/domain/artifact/artifact-type.ts";
import { canonicalJson, type Json } from "../../../lib/domain/json.ts";
import { anArtifact, anId } from "../../support/builders.ts";

/** The nth artifact of a project, with its content. */
export const given = (artifact_type: ArtifactType, content: Json, n = 1): ArchivedArtifact => {
  const json = canonicalJson(content);
  const record = anArtifact({ context_id: anId(100 + n), artifact_type, sha256: sha256Of(json) });
  return { ...record, content, json };
};

export const sources = (...files: Json[]) => given("source_code", { title: "Code", files });

/** A file as a coder gives it. */
export const file = (path: string, content: Json = "") => ({ path, language: "text", content });
