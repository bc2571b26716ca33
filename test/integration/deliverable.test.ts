import { createHash } from "node:crypto";
import { unzipSync } from "fflate";
import { afterAll, expect, test } from "vitest";
import { zip } from "../../lib/archive/zip.ts";
import {
  addArtifact,
  removeArtifact,
  replaceArtifact,
} from "../../lib/services/artifacts/artifacts.ts";
import {
  downloadDeliverable,
  summarizeDeliverable,
} from "../../lib/services/artifacts/deliverable.ts";
import { aCall, startBackend } from "../support/backend.ts";
import { useCasesOf } from "../support/use-cases.ts";

const backend = await startBackend();
const on = useCasesOf(backend);
afterAll(() => backend[Symbol.asyncDispose]());

const summarize = (project_id: string, call = aCall()) =>
  summarizeDeliverable(backend.deps, call, { project_id });
const download = (project_id: string, call = aCall()) =>
  downloadDeliverable({ ...backend.deps, zip }, call, { project_id });
const unpack = async (project_id: string) => unzipSync((await download(project_id)).data);
const add = (project_id: string, content: string) =>
  on.perform(
    addArtifact(backend.deps, aCall(), {
      project_id,
      artifact_type: "user_input",
      content,
      artifact_metadata: {},
    }),
  );

const built = async () => {
  const { id } = await on.project({ workflow: "sdlc", oversight_level: "low" });
  await backend.work();
  return id;
};

test("the archive of a whole project holds what the summary lists, and each artifact as it is kept", async () => {
  const id = await built();
  const { files, file_count } = await summarize(id);
  const entries = await unpack(id);
  expect(Object.keys(entries)).toEqual(files.map(({ path }) => path));
  expect(file_count).toBe(files.length);
  for (const { path, bytes, sha256 } of files) {
    const data = entries[path] ?? new Uint8Array();
    expect([path, data.length, createHash("sha256").update(data).digest("hex")]).toEqual([
      path,
      bytes,
      sha256,
    ]);
  }
  const { items } = await backend.deps.listArtifacts(
    { tenant: "local", project_id: id },
    { after: null, limit: 100 },
  );
  const kept = files.filter(({ path }) => path.startsWith("bookshop/artifacts/"));
  expect(kept.map(({ sha256 }) => sha256)).toEqual(items.map(({ sha256 }) => sha256));
  expect(items).toHaveLength(8);
});

test("the source files are those of the coder's latest version, or of a person's", async () => {
  const id = await built();
  const source = (await summarize(id)).files.find(({ artifact_type: of }) => of === "source_code");
  const { context_id = "", version } = source ?? {};
  expect(version).toBe(2);
  const files = [
    { path: "../../x.ts", language: "text", content: "one" },
    { path: "X.ts", language: "text", content: "two" },
  ];
  const before = await download(id);
  await on.perform(
    replaceArtifact(backend.deps, aCall(), {
      context_id: context_id ?? "",
      content: { files },
    }),
  );
  const after = await download(id);
  expect(after.sha256).not.toBe(before.sha256);
  const sources = Object.entries(unzipSync(after.data)).filter(([path]) =>
    path.startsWith("bookshop/source/"),
  );
  expect(sources.map(([path, data]) => [path, Buffer.from(data).toString()])).toEqual([
    ["bookshop/source/x.ts", "one"],
    ["bookshop/source/X-2.ts", "two"],
  ]);
});

test("the bytes are the same until something changes, and a deleted artifact is in it no more", async () => {
  const { id } = await on.project();
  const empty = await download(id);
  expect(Object.keys(unzipSync(empty.data))).toEqual([
    "bookshop/SUMMARY.md",
    "bookshop/README.md",
    "bookshop/DECISIONS.md",
  ]);
  const { context_id } = await add(id, "Old maps, too.");
  const [one, other] = [await download(id), await download(id)];
  expect(Buffer.from(one.data).equals(other.data)).toBe(true);
  expect(one.sha256).not.toBe(empty.sha256);
  await on.perform(removeArtifact(backend.deps, aCall(), { context_id }));
  expect(Object.keys(await unpack(id))).toEqual(Object.keys(unzipSync(empty.data)));
});

/** When the project changed, and when its newest artifact did, as an archive's summary tells. */
const instantsIn = (data: Uint8Array) => {
  const text = Buffer.from(unzipSync(data)["bookshop/SUMMARY.md"] ?? []).toString();
  const rows = [...text.matchAll(/^\| user_input .*\| (\S+Z) \|/gm)];
  return { project: text.match(/^\| Updated \| (\S+) \|/m)?.[1], artifact: rows.at(-1)?.[1] };
};

test("an archive that was read while others write is of one moment", async () => {
  const { id } = await on.project();
  await add(id, "Wish 0");
  const writing = (async () => {
    for (let n = 1; n <= 20; n += 1) await add(id, `Wish ${n}`);
  })();
  const archives = await Promise.allSettled(Array.from({ length: 5 }, () => download(id)));
  await writing;
  for (const archive of [...archives, ...(await Promise.allSettled([download(id)]))]) {
    if (archive.status === "rejected") expect(archive.reason).toMatchObject({ code: "busy" });
    else {
      const { project, artifact } = instantsIn(archive.value.data);
      expect(project).toBeDefined();
      expect(artifact).toBe(project);
    }
  }
});

test.each([
  ["of another tenant", async () => (await on.project()).id, "other"],
  ["that is none", async () => backend.platform.newId(), "local"],
])("a project %s is not found", async (_, make, tenant) => {
  const id = await make();
  for (const ask of [summarize, download]) {
    await expect(ask(id, aCall({ tenant }))).rejects.toMatchObject({ code: "not-found" });
  }
});
