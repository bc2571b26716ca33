import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { type Change, setProject } from "../../../lib/domain/change.ts";
import { Id } from "../../../lib/domain/common.ts";
import type { Json } from "../../../lib/domain/json.ts";
import { Problem } from "../../../lib/domain/problem.ts";
import { openAgentContext } from "../../../lib/services/worker/agent-context.ts";
import { LeaseLost } from "../../../lib/services/worker/hold-lease.ts";
import { anArtifact, anId, now } from "../../support/builders.ts";
import { cancelled, holding } from "./leased-task.ts";

const digestOf = (content: Json) => {
  const text = JSON.stringify(content);
  return { sha256: createHash("sha256").update(text).digest("hex"), bytes: text.length };
};

const mine = anArtifact({ sha256: "a".repeat(64) });
const others = anArtifact({ context_id: anId(31), project_id: anId(2) });
const empty = anArtifact({ context_id: anId(32), sha256: "f".repeat(64) });
const stored = [mine, others, empty];

const withContext = () => {
  const leased = holding();
  const kept: Json[] = [];
  const context = openAgentContext(
    {
      ...leased.deps,
      listArtifacts: async ({ project_id }, { limit }) => ({
        items: stored.filter((each) => each.project_id === project_id).slice(0, limit),
        last: null,
      }),
      findArtifact: async (tenant, id, version = 1) => {
        const found = stored.find((each) => each.context_id === id && each.version === version);
        if (id === "broken") throw new Error("The table does not answer.");
        if (!found || tenant !== "local") throw new Problem("not-found", "There is no artifact.");
        return found;
      },
      loadContents: async () => new Map<string, Json>([["a".repeat(64), "A haiku"]]),
      keepContent: async (_key, { content }) => void kept.push(content),
      digest: digestOf,
    },
    leased.lease,
  );
  return { ...leased, context, kept };
};

const head = {
  context_id: anId(30),
  artifact_type: "agent_output",
  source_agent: "coder",
  version: 1,
  updated_at: now,
};

test("an agent sees its own project's artifacts, without their contents", async () => {
  const { context } = withContext();
  expect(await context.list()).toEqual([head, { ...head, context_id: anId(32) }]);
});

test.each([
  { name: "its own", id: anId(30), version: undefined, reads: { ...head, content: "A haiku" } },
  { name: "a version of it", id: anId(30), version: 1, reads: { ...head, content: "A haiku" } },
  { name: "a version that is not there", id: anId(30), version: 2, reads: null },
  { name: "another project's", id: anId(31), version: undefined, reads: null },
  { name: "one that is not there", id: anId(99), version: undefined, reads: null },
  {
    name: "one whose content is gone",
    id: anId(32),
    version: undefined,
    reads: { ...head, context_id: anId(32), content: null },
  },
])("of an artifact an agent reads $name", async ({ id, version, reads }) => {
  expect(await withContext().context.read(id, version)).toEqual(reads);
});

test("a table that does not answer is no missing artifact", async () => {
  await expect(withContext().context.read("broken")).rejects.toThrow("does not answer");
});

const note = { key: "call-1", artifact_type: "agent_output", content: { text: "Note" } } as const;

test("what an agent writes is an artifact of its project, and kept first", async () => {
  const { context, stored, lease, kept } = withContext();
  const context_id = await context.write(note);
  expect(Id.parse(context_id)).toBe(context_id);
  expect(kept).toEqual([{ text: "Note" }]);
  expect(stored.state().artifacts[context_id]).toMatchObject({
    project_id: anId(1),
    source_agent: "coder",
    artifact_type: "agent_output",
    artifact_metadata: { task_id: anId(10) },
    version: 1,
  });
  expect(stored.log).toMatchObject([
    { event_type: "artifact_created", task_id: anId(10), data: { context_id, bytes: 15 } },
  ]);
  expect(lease.leased().change.project.counts.artifacts).toBe(1);
  expect(lease.leased().task.effects).toEqual([
    { key: "call-1", what: "Kept a new artifact (agent_output)", digest: "", outcome: context_id },
  ]);
});

test("the same note twice is one artifact, another key another one", async () => {
  const { context, stored } = withContext();
  const first = await context.write(note);
  expect(await context.write({ ...note, content: "Other" })).toBe(first);
  const second = await context.write({ ...note, key: "call-2" });
  expect([second, first].sort()).toEqual([first, second]);
  expect(Object.keys(stored.state().artifacts)).toHaveLength(2);
  expect(stored.log).toHaveLength(2);
});

test("a note too large for the table is refused before it is kept", async () => {
  const { context, kept, stored } = withContext();
  const large = context.write({ ...note, content: "x".repeat(256 * 1_024) });
  await expect(large).rejects.toMatchObject({ code: "too-large" });
  expect([kept, stored.commits()]).toEqual([[], 0]);
});

test.each([
  { name: "the task is lost", edit: cancelled },
  { name: "the project is closed", edit: setProject({ status: "completed" }) },
])("when $name nothing is written", async ({ edit }: { edit: (change: Change) => Change }) => {
  const { context, stored, lease } = withContext();
  stored.meanwhile(edit);
  await expect(context.write(note)).rejects.toThrow(LeaseLost);
  expect(stored.state().artifacts).toEqual({});
  expect(lease.signal.aborted).toBe(true);
});
