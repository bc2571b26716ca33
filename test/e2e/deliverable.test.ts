import { randomBytes } from "node:crypto";
import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import {
  approveUntil,
  artifactsOf,
  base,
  call,
  createArtifact,
  createProject,
  ok,
  unknownId,
} from "./client.ts";

interface Listed {
  path: string;
  bytes: number;
  artifact_type: string | null;
  original_path?: string;
}

interface Summary {
  project_id: string;
  name: string;
  file_name: string;
  status: string;
  files: Listed[];
  file_count: number;
  sha256: string;
}

const summaryOf = (id: string) => ok<Summary>(`GET /artifacts/${id}/summary`);

const download = async (id: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${base}/artifacts/${id}/download`, { headers });
  const data = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, data };
};

const textOf = (data: Uint8Array | undefined) => new TextDecoder().decode(data);

test("a completed project is downloaded as a ZIP that holds what its summary lists", async () => {
  const { id } = await createProject({
    name: "Tea shop: Größe M",
    workflow: "sdlc",
    oversight_level: "low",
  });
  await approveUntil(id, "completed");
  const { status, headers, data } = await download(id);
  expect(status).toBe(200);
  expect(headers.get("content-type")).toBe("application/zip");
  expect(headers.get("content-disposition")).toBe('attachment; filename="tea-shop-grosse-m.zip"');
  const entries = unzipSync(data);
  const summary = await summaryOf(id);
  expect(summary).toMatchObject({
    project_id: id,
    status: "completed",
    file_name: "tea-shop-grosse-m.zip",
  });
  expect(Object.entries(entries).map(([path, { length }]) => [path, length])).toEqual(
    summary.files.map(({ path, bytes }) => [path, bytes]),
  );
  expect(headers.get("etag")).toBe(`"${summary.sha256}"`);
  const folder = "tea-shop-grosse-m";
  expect(textOf(entries[`${folder}/SUMMARY.md`])).toContain("| Status | completed |");
  expect(textOf(entries[`${folder}/README.md`])).toContain("### Deployment");
  expect(textOf(entries[`${folder}/README.md`])).toMatch(
    /\| \[project-plan\].*\| offline analyst \|/,
  );
  expect(textOf(entries[`${folder}/DECISIONS.md`])).toContain("Nobody was asked anything.");
  expect(textOf(entries[`${folder}/docs/project-plan.md`])).toContain("## Goals\n\n- ");
  const sources = summary.files.filter(({ path }) => path.startsWith(`${folder}/source/`));
  expect(sources.length).toBeGreaterThan(1);
  for (const { context_id, artifact_type } of await artifactsOf(id)) {
    const { content } = await ok<{ content: unknown }>(`GET /context/artifacts/${context_id}`);
    const kept = entries[`${folder}/artifacts/${artifact_type.replaceAll("_", "-")}.json`];
    expect(JSON.parse(textOf(kept))).toEqual(content);
  }
});

test("who has the archive does not get it again until something changes", async () => {
  const { id } = await createProject();
  const first = await download(id);
  const known = { "if-none-match": first.headers.get("etag") ?? "" };
  expect(await download(id, known)).toMatchObject({ status: 304, data: new Uint8Array() });
  expect((await call(`GET /artifacts/${id}/summary`, undefined, known)).status).toBe(304);
  expect((await download(id)).data).toEqual(first.data);
  await createArtifact(id, "green");
  expect((await download(id, known)).status).toBe(200);
});

test("file names that would lead elsewhere are made safe, and the summary tells", async () => {
  const { id } = await createProject();
  const paths = ["../../etc/passwd", "C:\\x.ts", "a/b", "a", "con.txt", "A/B"];
  const files = paths.map((path) => ({ path, content: path }));
  await createArtifact(id, { files }, { artifact_type: "source_code" });
  const summary = await summaryOf(id);
  const named = summary.files.filter(({ path }) => path.startsWith("tea-shop/source/"));
  expect(named.map(({ path, original_path }) => [path.slice(16), original_path])).toEqual([
    ["etc/passwd", "../../etc/passwd"],
    ["x.ts", "C:\\x.ts"],
    ["a/b", undefined],
    ["a-2", "a"],
    ["_con.txt", "con.txt"],
    ["A/B-2", "A/B"],
  ]);
  const entries = unzipSync((await download(id)).data);
  for (const [n, { path }] of named.entries()) expect(textOf(entries[path])).toBe(paths[n]);
});

test("an archive that no answer holds is 413, its summary is still there", async () => {
  const { id } = await createProject();
  for (let n = 0; n < 18; n += 1)
    await createArtifact(id, randomBytes(130_000).toString("hex").slice(0, 260_000));
  const { status, data } = await download(id);
  expect(status).toBe(413);
  expect(JSON.parse(textOf(data))).toMatchObject({
    type: "/problems/too-large",
    max_bytes: 4_500_000,
    detail: expect.stringContaining(`/api/v1/context/project/${id}/artifacts`),
  });
  expect((await summaryOf(id)).file_count).toBe(3 + 2 * 18);
});

test.each(["summary", "download"])("the %s of a project that is none is 404", async (what) => {
  const path = `GET /artifacts/${unknownId()}/${what}`;
  expect(await call(path)).toMatchObject({ status: 404, body: { type: "/problems/not-found" } });
  expect((await call(`GET /artifacts/x/${what}`)).status).toBe(422);
});
