import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import {
  artifactsOf,
  base,
  call,
  createArtifact,
  createProject,
  createTask,
  eventsOfType,
  instant,
  ok,
  sha256,
  statusOf,
  taskReaches,
  uuid7,
  walk,
} from "./client.ts";
import type { Artifact } from "./model.ts";

/** Text that doesn't compress, of about that many bytes. */
const noise = (bytes: number) => randomBytes(Math.ceil(bytes / 2)).toString("hex");

const versions = async (id: string) =>
  Promise.all([1, 2].map((v) => ok<Artifact>(`GET /context/artifacts/${id}?version=${v}`)));

test("the user's own context is there at once", async () => {
  const { id } = await createProject();
  const fields = {
    artifact_type: "user_input",
    content: { tea: ["green", "black"] },
    artifact_metadata: { from: "mail" },
  };
  const { status, headers, body } = await call<Artifact>(`POST /projects/${id}/artifacts`, fields);
  expect(status).toBe(201);
  expect(body).toMatchObject({
    ...fields,
    context_id: expect.stringMatching(uuid7),
    project_id: id,
    source_agent: "user",
    version: 1,
    created_at: expect.stringMatching(instant),
  });
  const location = headers.get("location");
  if (location) expect(new URL(location, base).pathname).toContain(body.context_id);
  expect(await ok(`GET /context/artifacts/${body.context_id}`)).toEqual(body);
  const [event] = await eventsOfType(id, "artifact_created");
  expect(event?.actor.type).toBe("user");
});

test.each([
  ["text", 'Tee für zwei: 🍵 \u2028 " \\ /'],
  ["an object in any order", { b: 1, a: { d: [1, { z: 0, y: null }], c: true }, "€": 1, é: 2 }],
  ["numbers", [0, -1.5, 1e21, 1e-7, 123456789012]],
  ["an empty object", {}],
  ["an empty list", []],
  ["false", false],
  ["null", null],
])("%s comes back as it was, with the digest of its canonical JSON", async (_, content) => {
  const { id } = await createProject();
  const made = await createArtifact(id, content);
  const read = await ok<Artifact>(`GET /context/artifacts/${made.context_id}`);
  expect(read).toMatchObject({ content, sha256: sha256(content) });
});

test.each([
  ["artifact_type", { artifact_type: "poem", content: 1 }],
  ["artifact_type", { content: 1 }],
  ["content", { artifact_type: "user_input" }],
  ["artifact_metadata", { artifact_type: "user_input", content: 1, artifact_metadata: [] }],
  ["source_agent", { artifact_type: "user_input", content: 1, source_agent: "coder" }],
  ["version", { artifact_type: "user_input", content: 1, version: 7 }],
])("creating refuses a bad %s: %o", async (field, body) => {
  const { id, head } = await createProject();
  const { status, body: problem } = await call(`POST /projects/${id}/artifacts`, body);
  expect(status).toBe(422);
  expect(JSON.stringify(problem.errors)).toContain(field);
  expect((await statusOf(id)).head).toBe(head);
});

test("a change is a new version; the older one stays readable", async () => {
  const { id } = await createProject();
  const { context_id } = await createArtifact(id, "green");
  const path = `/context/artifacts/${context_id}`;
  const changed = await ok<Artifact>(`PUT ${path}`, { content: "black" });
  expect(changed).toMatchObject({ context_id, version: 2, content: "black" });
  expect(await ok(`GET ${path}`)).toMatchObject({ version: 2, content: "black" });
  expect(await versions(context_id)).toMatchObject([
    { version: 1, content: "green", sha256: sha256("green") },
    { version: 2, content: "black", sha256: sha256("black") },
  ]);
  expect(await artifactsOf(id)).toHaveLength(1);
  expect(await eventsOfType(id, "artifact_updated")).toHaveLength(1);
  expect(await call(`GET ${path}?version=3`)).toMatchObject({ status: 404 });
  for (const version of ["0", "-1", "x", "1.5"])
    expect([404, 422]).toContain((await call(`GET ${path}?version=${version}`)).status);
  expect(await call(`PUT ${path}`, {})).toMatchObject({ status: 422 });
  expect(await call(`PUT ${path}`, { content: 1, version: 9 })).toMatchObject({ status: 422 });
});

test("two changes at once never become the same version", async () => {
  const { id } = await createProject();
  const { context_id } = await createArtifact(id, 0);
  const path = `/context/artifacts/${context_id}`;
  const answers = await Promise.all(
    [1, 2, 3, 4, 5].map((content) => call<Artifact>(`PUT ${path}`, { content })),
  );
  const kept = answers.filter(({ status }) => status === 200).map(({ body }) => body);
  expect(new Set(kept.map(({ version }) => version)).size).toBe(kept.length);
  for (const { version, content } of kept)
    expect(await ok(`GET ${path}?version=${version}`)).toMatchObject({ content });
  const latest = await ok<Artifact>(`GET ${path}`);
  expect(latest.version).toBe(kept.length + 1);
});

test("an agent's own artifact keeps its original under a user's change", async () => {
  const { id } = await createProject();
  await taskReaches(await createTask(id), "completed");
  const [made] = await artifactsOf(id);
  expect(made).toMatchObject({ source_agent: "coder", version: 1 });
  const original = await ok<Artifact>(`GET /context/artifacts/${made?.context_id}`);
  await ok(`PUT /context/artifacts/${made?.context_id}`, { content: "mine" });
  const [first, second] = await versions(original.context_id);
  expect(first).toMatchObject({ content: original.content, sha256: original.sha256 });
  expect(second).toMatchObject({ content: "mine" });
});

test("content up to 256 KB is kept, even when it doesn't compress", async () => {
  const { id } = await createProject();
  const content = noise(256 * 1024 - 100);
  const { context_id } = await createArtifact(id, content);
  const read = await ok<Artifact>(`GET /context/artifacts/${context_id}`);
  expect(read.content === content).toBe(true);
});

test.each([
  ["text", noise(256 * 1024 + 100)],
  ["text that compresses", "x".repeat(300_000)],
  ["few characters of many bytes", "€".repeat(100_000)],
])("larger content is 413 and nothing is stored: %s", async (_, content) => {
  const { id } = await createProject();
  const { context_id } = await createArtifact(id, "small");
  const { head } = await statusOf(id);
  const made = await call(`POST /projects/${id}/artifacts`, {
    artifact_type: "user_input",
    content,
  });
  expect(made).toMatchObject({ status: 413, body: { status: 413 } });
  expect(await call(`PUT /context/artifacts/${context_id}`, { content })).toMatchObject({
    status: 413,
  });
  expect((await statusOf(id)).head).toBe(head);
  expect(await artifactsOf(id)).toMatchObject([{ context_id, version: 1 }]);
});

test("a deleted artifact is gone, with all its versions", async () => {
  const { id } = await createProject();
  const { context_id } = await createArtifact(id, "green");
  const path = `/context/artifacts/${context_id}`;
  await ok(`PUT ${path}`, { content: "black" });
  expect(await call(`DELETE ${path}`)).toMatchObject({ status: 204, body: "" });
  for (const route of [`GET ${path}`, `GET ${path}?version=1`, `DELETE ${path}`])
    expect(await call(route), route).toMatchObject({ status: 404 });
  expect(await call(`PUT ${path}`, { content: 1 })).toMatchObject({ status: 404 });
  expect(await artifactsOf(id)).toEqual([]);
  expect(await eventsOfType(id, "artifact_deleted")).toHaveLength(1);
});

test("the list is without contents, filtered and paged", async () => {
  const { id } = await createProject();
  for (const artifact_type of ["user_input", "user_input", "source_code", "user_input"])
    await createArtifact(id, "x".repeat(1_000), { artifact_type });
  const list = `/context/project/${id}/artifacts`;
  const pages = await walk<Artifact>(`${list}?limit=3`, "artifacts");
  expect(pages.map((page) => page.length)).toEqual([3, 1]);
  for (const artifact of pages.flat()) {
    expect(artifact).not.toHaveProperty("content");
    expect(artifact).toMatchObject({ version: 1, sha256: sha256("x".repeat(1_000)) });
  }
  const ofType = await walk<Artifact>(`${list}?limit=2&artifact_type=user_input`, "artifacts");
  expect(ofType.flat()).toHaveLength(3);
  expect((await walk(`${list}?limit=2&source_agent=coder`, "artifacts")).flat()).toEqual([]);
  expect(await call(`GET ${list}?artifact_type=poem`)).toMatchObject({ status: 422 });
  expect(await call(`GET ${list}?source_agent=gardener`)).toMatchObject({ status: 422 });
});

test("a PUT that is sent again makes no second version; other metadata do", async () => {
  const { id } = await createProject();
  const { context_id } = await createArtifact(id, "First");
  const put = (fields: object) => ok<Artifact>(`PUT /context/artifacts/${context_id}`, fields);
  const changed = await put({ content: "Second" });
  expect(await put({ content: "Second" })).toEqual(changed);
  expect(changed.version).toBe(2);
  expect((await put({ content: "Second", artifact_metadata: { by: "mail" } })).version).toBe(3);
  expect(await eventsOfType(id, "artifact_updated")).toHaveLength(2);
});
