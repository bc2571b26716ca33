import { expect, test } from "vitest";
import {
  deleteArtifact,
  nextVersion,
  saveArtifact,
} from "../../../lib/domain/artifact/save-artifact.ts";
import {
  aChange,
  aMoment,
  anArtifact,
  anId,
  aTask,
  decided,
  now,
  nowPlus,
} from "../../support/builders.ts";

const fields = {
  project_id: anId(1),
  source_agent: "user",
  artifact_type: "user_input",
  artifact_metadata: { by: "ann" },
  sha256: "d".repeat(64),
} as const;
const moment = aMoment({ now: nowPlus(5), newId: () => anId(77) });

test("the first version has an id of its own", () => {
  expect(nextVersion(undefined, fields, moment)).toEqual({
    ...fields,
    context_id: anId(77),
    version: 1,
    created_at: nowPlus(5),
    updated_at: nowPlus(5),
    deleted: false,
    rev: 0,
  });
});

test("a later version keeps id and creation", () => {
  expect(nextVersion(anArtifact({ version: 2, rev: 4 }), fields, moment)).toEqual(
    anArtifact({ ...fields, version: 3, rev: 4, updated_at: nowPlus(5) }),
  );
});

test("what was deleted gets no later version", () => {
  expect(nextVersion(anArtifact({ version: 2, deleted: true }), fields, moment)).toMatchObject({
    context_id: anId(77),
    version: 1,
  });
});

test.each([
  { version: 1, event: "artifact_created", task: null },
  { version: 2, event: "artifact_updated", task: aTask() },
])("version $version is announced as $event", ({ version, event, task }) => {
  const after = decided(aChange(), saveArtifact(anArtifact({ version }), 99, task));
  expect(after.events).toMatchObject([
    {
      event_type: event,
      task_id: task?.task_id ?? null,
      agent_type: task?.agent_type ?? null,
      data: { context_id: anId(30), version, bytes: 99 },
    },
  ]);
  expect(after.project.counts.artifacts).toBe(1);
});

test("a deleted artifact is context and output no more", () => {
  const before = aChange({
    project: {
      inputs: [anId(30), anId(31)],
      outputs: { source_code: anId(30), test_results: anId(32) },
    },
    artifacts: [anArtifact()],
  });
  const after = decided(before, deleteArtifact(anArtifact(), moment));
  expect(after.project).toMatchObject({
    inputs: [anId(31)],
    outputs: { test_results: anId(32) },
    counts: { artifacts: 0 },
  });
  expect(after.project.outputs).not.toHaveProperty("source_code");
  expect(after.artifacts[anId(30)]).toMatchObject({ deleted: true, version: 2, created_at: now });
  expect(after.events).toMatchObject([
    { event_type: "artifact_deleted", data: { context_id: anId(30), version: 2 } },
  ]);
});
