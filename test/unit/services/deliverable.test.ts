import { describe, expect, test } from "vitest";
import type { ArtifactRecord } from "../../../lib/domain/artifact/artifact.ts";
import type { Json } from "../../../lib/domain/json.ts";
import type { ProjectRecord } from "../../../lib/domain/project/project.ts";
import {
  type DeliverableDeps,
  downloadDeliverable,
  summarizeDeliverable,
} from "../../../lib/services/artifacts/deliverable.ts";
import { aCall } from "../../support/backend.ts";
import { anArtifact, anId, aProject } from "../../support/builders.ts";

type World = { heads?: number[]; contents?: Json[]; counted?: number; zipped?: number };

/** A project whose head is the next of `heads` at each look; its artifacts hold `contents`. */
const aWorld = ({ heads = [1], contents = ["tea"], counted, zipped = 10 }: World = {}) => {
  const asked = { lists: 0, contents: [] as number[], zips: 0 };
  const records = contents.map((_, n) =>
    anArtifact({ context_id: anId(100 + n), sha256: String(n) }),
  );
  const left = [...heads];
  const project = (): ProjectRecord =>
    aProject({
      head: (left.length > 1 ? left.shift() : left[0]) ?? 0,
      counts: { ...aProject().counts, artifacts: counted ?? contents.length },
    });
  const deps: DeliverableDeps = {
    loadProject: async () => project(),
    listArtifacts: async (_, { after, limit }) => {
      asked.lists += 1;
      const from = after === null ? 0 : records.findIndex((row) => row.context_id === after) + 1;
      const items: ArtifactRecord[] = records.slice(from, from + limit);
      const more = from + limit < records.length;
      return { items, last: more ? (items.at(-1)?.context_id ?? null) : null };
    },
    readLog: async () => ({ events: [], more: false }),
    loadContents: async (_, digests) => {
      asked.contents.push(digests.length);
      return new Map(digests.map((digest) => [digest, contents[Number(digest)] ?? null]));
    },
    zip: () => {
      asked.zips += 1;
      return new Uint8Array(zipped);
    },
  };
  return { deps, asked };
};

const of = { project_id: anId(1) };
const summarize = (world: World) => summarizeDeliverable(aWorld(world).deps, aCall(), of);
const download = (world: World) => downloadDeliverable(aWorld(world).deps, aCall(), of);

test("the download is the zip, with the digest that the summary tells", async () => {
  const { file_name, sha256 } = await summarize({});
  const got = await download({});
  expect(got).toMatchObject({ file_name, sha256 });
  expect(got.data).toHaveLength(10);
});

test("the summary lists all files, without what they hold", async () => {
  const summary = await summarize({ contents: ["tea", { cups: 2 }] });
  expect(summary).toMatchObject({
    project_id: anId(1),
    name: "Cookbook",
    file_name: "cookbook.zip",
    status: "active",
    file_count: 7,
  });
  expect(summary.files).toHaveLength(7);
  expect(summary.files[0]).not.toHaveProperty("data");
  expect(summary.total_bytes).toBe(summary.files.reduce((sum, { bytes }) => sum + bytes, 0));
});

test("all pages of the list are read, and contents some at a time", async () => {
  const { deps, asked } = aWorld({ contents: Array.from({ length: 230 }, (_, n) => n) });
  const { file_count } = await summarizeDeliverable(deps, aCall(), of);
  expect(file_count).toBe(3 + 2 * 230);
  expect(asked.lists).toBe(3);
  expect(Math.max(...asked.contents)).toBe(25);
});

describe("what is read is one picture", () => {
  test("when the head moved meanwhile, the list is read again", async () => {
    const { deps, asked } = aWorld({ heads: [1, 2, 3, 3] });
    await summarizeDeliverable(deps, aCall(), of);
    expect(asked.lists).toBe(3);
  });

  test("when it always moves, the answer is busy, and no content was read", async () => {
    const { deps, asked } = aWorld({ heads: Array.from({ length: 50 }, (_, n) => n) });
    await expect(summarizeDeliverable(deps, aCall(), of)).rejects.toMatchObject({ code: "busy" });
    expect(asked.lists).toBe(12);
    expect(asked.contents).toEqual([]);
  });
});

const large = "x".repeat(250_000);

describe("what is too large is told before it is made", () => {
  test.each<[string, World, { lists: number; zips: number; max_bytes: number; says: RegExp }]>([
    [
      "more artifacts than an archive takes",
      { counted: 1_001 },
      { lists: 0, zips: 0, max_bytes: 8_000_000, says: /^The project has 1001 artifacts/ },
    ],
    [
      "contents",
      { contents: Array(40).fill(large) },
      {
        lists: 1,
        zips: 0,
        max_bytes: 8_000_000,
        says: /^The project's artifacts are more than 8.0 MB/,
      },
    ],
    [
      "the files made from them",
      { contents: Array(25).fill({ text: "<".repeat(240_000) }) },
      { lists: 1, zips: 0, max_bytes: 24_000_000, says: /^The files are \d+\.\d MB/ },
    ],
    [
      "the archive",
      { zipped: 4_500_001 },
      { lists: 1, zips: 1, max_bytes: 4_500_000, says: /^The archive is 4.5 MB/ },
    ],
  ])("%s", async (_, world, { lists, zips, max_bytes, says }) => {
    const { deps, asked } = aWorld(world);
    const failed = downloadDeliverable(deps, aCall(), of);
    await expect(failed).rejects.toMatchObject({
      code: "too-large",
      message: expect.stringMatching(says),
      extensions: { max_bytes },
    });
    await expect(failed).rejects.toThrow(`GET /api/v1/context/project/${anId(1)}/artifacts`);
    expect(asked).toMatchObject({ lists, zips });
  });

  test("a summary of thousands of files ends where an answer is full", async () => {
    const path = `${"字".repeat(150)}/../${"字".repeat(35)}`;
    const files = Array.from({ length: 800 }, (_, n) => ({ path: `${path}?${n}`, content: "" }));
    const { deps } = aWorld({ contents: Array(7).fill({ files }) });
    const typed: DeliverableDeps = {
      ...deps,
      listArtifacts: async (key, page) => {
        const { items, last } = await deps.listArtifacts(key, page);
        return { items: items.map((row) => ({ ...row, artifact_type: "source_code" })), last };
      },
    };
    const summary = await summarizeDeliverable(typed, aCall(), of);
    expect(summary.file_count).toBe(3 + 2 * 7 + 5_000);
    expect(summary.files.length).toBeLessThan(summary.file_count);
    expect(JSON.stringify(summary).length).toBeLessThan(4_500_000);
  });
});
