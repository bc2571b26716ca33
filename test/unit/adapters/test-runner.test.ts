import { access, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runTests } from "../../../lib/adapters/test-runner/run-tests.ts";

const never = new AbortController().signal;
const packageFile = { path: "package.json", content: '{"type":"module"}' };

/** Runs a test file whose tests are these lines. */
const run = (lines: string, { timeoutMs = 20_000 } = {}) =>
  runTests(
    [
      packageFile,
      {
        path: "test/own.test.js",
        content: `import assert from "node:assert/strict";\nimport test from "node:test";\n${lines}\n`,
      },
    ],
    never,
    { timeoutMs, maxOutputBytes: 100_000 },
  );

test("tells which tests passed, which failed and why", async () => {
  const ran = await run(`
    test("good", () => undefined);
    test("bad", async () => assert.equal(await 1, 2));`);
  expect(ran).toMatchObject({
    kind: "ran",
    node: process.versions.node,
    command: expect.stringContaining("permission, on test/own.test.js"),
    cases: [
      { name: "good", passed: true, message: "" },
      { name: "bad", passed: false, message: expect.stringContaining("1 !== 2") },
    ],
  });
});

const outside = await mkdtemp(join(tmpdir(), "botarmy-outside-"));
await writeFile(join(outside, "secret.txt"), "secret");
afterAll(() => rm(outside, { recursive: true }));

test("the program has its folder alone, no processes, workers or environment", async () => {
  const ran = await run(`
    import { readFileSync, writeFileSync, readdirSync } from "node:fs";
    import { spawnSync } from "node:child_process";
    import { Worker } from "node:worker_threads";
    const secret = ${JSON.stringify(join(outside, "secret.txt"))};
    test("read", () => readFileSync(secret));
    test("list", () => readdirSync(${JSON.stringify(outside)}));
    test("write", () => writeFileSync(secret + "2", ""));
    test("spawn", () => { const { error } = spawnSync(process.execPath, ["-v"]); if (error) throw error; });
    test("worker", () => { new Worker("", { eval: true }); });
    test("eval", () => (0, eval)("1"));
    test("own file", () => { writeFileSync("x.txt", "x"); readFileSync("x.txt"); });
    test("environment", () => assert.deepEqual(Object.keys(process.env).filter((name) => !name.startsWith("__")), []));`);
  expect(ran).toMatchObject({ kind: "ran" });
  const cases = ran.kind === "ran" ? ran.cases : [];
  expect(cases.map(({ name, passed }) => [name, passed])).toEqual([
    ...["read", "list", "write", "spawn", "worker", "eval"].map((name) => [name, false]),
    ["own file", true],
    ["environment", true],
  ]);
  expect(await readdir(outside)).toEqual(["secret.txt"]);
});

const quick = { timeoutMs: 400 };

test.each<[string, string, RegExp, { timeoutMs?: number }]>([
  ["never ends", "while (true);", /^it took longer than 0.4 s$/, quick],
  [
    "waits for ever",
    'test("x", () => new Promise(() => setInterval(() => {}, 1e6)));',
    /longer/,
    quick,
  ],
  ["prints too much", 'console.log("x".repeat(200_000)); while (true);', /^it printed more/, {}],
  ["does not load", "const = 1;", /^Node ended with code 1: /, {}],
  ["ends itself", "process.exit(0);", /^Node ended with code 0/, {}],
  ["has no test", "", /^Node ended with code 0/, {}],
])("a program that %s was not run", async (_, lines, reason, limits) => {
  expect(await run(lines, limits)).toEqual({
    kind: "not_run",
    reason: expect.stringMatching(reason),
  });
});

test.each(["../x.js", "/x.js", "a/../../x.js", "a\\b.js", ".hidden", "a//b.js", "C:/x.js"])(
  "no file is written at %j",
  async (path) => {
    const files = [packageFile, { path, content: "" }];
    expect(await runTests(files, never)).toMatchObject({
      kind: "not_run",
      reason: expect.stringContaining("is not one of a program"),
    });
  },
);

test.each([0, 1, 50])("a run that is aborted after %i ms ends at once", async (ms) => {
  const aborting = new AbortController();
  const content = "while (true);";
  const running = runTests([packageFile, { path: "test/x.test.js", content }], aborting.signal);
  setTimeout(() => aborting.abort(new Error("lease lost")), ms);
  await expect(running).rejects.toThrow("lease lost");
  await expect(runTests([packageFile], aborting.signal)).rejects.toThrow("lease lost");
});

test("no folder stays behind", async () => {
  const ran = await run('test("x", () => { throw new Error(process.cwd()); });');
  const folder = ran.kind === "ran" ? ran.cases[0]?.message : "";
  expect(folder).toContain("botarmy-tests-");
  await expect(access(String(folder))).rejects.toMatchObject({ code: "ENOENT" });
});
