import { apply, type Edit, emit, put, setProject } from "../change.ts";
import type { Moment } from "../common.ts";
import type { TaskRecord } from "../task/task.ts";
import type { ArtifactRecord } from "./artifact.ts";

type ArtifactFields = Pick<
  ArtifactRecord,
  "project_id" | "source_agent" | "artifact_type" | "artifact_metadata" | "sha256"
>;

/**
 * Makes the version after `before` under the same id; without `before`, or after its deletion, version 1 of a new artifact.
 */
export const nextVersion = (
  before: ArtifactRecord | undefined,
  fields: ArtifactFields,
  { now, newId }: Pick<Moment, "now" | "newId">,
): ArtifactRecord =>
  before && !before.deleted
    ? { ...before, ...fields, version: before.version + 1, updated_at: now }
    : {
        ...fields,
        context_id: newId(),
        version: 1,
        created_at: now,
        updated_at: now,
        deleted: false,
        rev: 0,
      };

/**
 * Makes a version of an artifact visible.
 *
 * @param bytes size of the content's canonical JSON
 * @param task the task that made it; null when a person did
 */
export const saveArtifact =
  (artifact: ArtifactRecord, bytes: number, task: TaskRecord | null): Edit =>
  (change) => {
    const { context_id, version, sha256, artifact_type, source_agent } = artifact;
    return apply(
      change,
      put("artifacts", artifact),
      emit({
        event_type: version === 1 ? "artifact_created" : "artifact_updated",
        task_id: task?.task_id ?? null,
        agent_type: task?.agent_type ?? null,
        data: { context_id, version, sha256, artifact_type, source_agent, bytes },
      }),
    );
  };

/** Deletes an artifact for its readers. Its versions stay in the table. */
export const deleteArtifact =
  (artifact: ArtifactRecord, { now }: Pick<Moment, "now">): Edit =>
  (change) => {
    const version = artifact.version + 1;
    const { context_id } = artifact;
    const { inputs, outputs } = change.project;
    const kept = Object.entries(outputs).filter(([, id]) => id !== context_id);
    return apply(
      change,
      setProject({
        inputs: inputs.filter((id) => id !== context_id),
        outputs: Object.fromEntries(kept),
      }),
      put("artifacts", { ...artifact, version, deleted: true, updated_at: now }),
      emit({
        event_type: "artifact_deleted",
        task_id: null,
        agent_type: null,
        data: { context_id, version },
      }),
    );
  };
