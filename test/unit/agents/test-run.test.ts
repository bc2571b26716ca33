import { expect, test, vi } from "vitest";
import { SourceCode } from "../../../lib/agents/contents/source-code.ts";
import { TestResults } from "../../../lib/agents/contents/test-results.ts";
import type { ContextItem } from "../../../lib/agents/context.ts";
import type { RunTests } from "../../../lib/agents/offline/test-run.ts";
import type { Json } from "../../../lib/domain/json.ts";
import { anItem, aRequest, cookbook, type Made, runOutput, runWorkflow } from "./builders.ts";

const refusal = /not run: only code of the offline agents' own templates is run/;

/** A runner that tells what it was given, and lets the tests of the first requirement pass. */
const aRunner = (failed = false) =>
  vi.fn<RunTests>(async () => ({
    kind: "ran",
    command: "node --permission",
    node: "24.0.0",
    durationMs: 300,
    cases: [
      { name: "R1: Post recipes", passed: !failed, message: failed ? "1 !== 2" : "" },
      { name: "recipes: a search", passed: true, message: "" },
    ],
  }));

const itemsOf = (steps: readonly Made[]): ContextItem[] =>
  steps.map(({ type, output }) => anItem({ artifact_type: type, content: output.content }));

const testing = { agent_type: "tester", output_type: "test_results" } as const;

/** What the tester says of the code, which `change` may have changed, and what it ran. */
const tested = async (
  change: (code: SourceCode) => Json = (code) => code,
  { context = [] as ContextItem[], description = cookbook } = {},
) => {
  const steps = (await runWorkflow()).slice(0, 6);
  const code = SourceCode.parse(steps[5]?.output.content);
  const changed = anItem({ artifact_type: "source_code", content: change(code) });
  const runTests = aRunner();
  const request = aRequest({
    description,
    task: testing,
    context: [...itemsOf(steps.slice(0, 4)), changed, ...context],
  });
  const output = await runOutput(request, { runTests });
  return { results: TestResults.parse(output.content), output, runTests, code };
};

test("code that the templates wrote is run, and what came out is reported", async () => {
  const { results, runTests, code } = await tested();
  expect(runTests).toHaveBeenCalledExactlyOnceWith(code.files, expect.any(AbortSignal));
  expect(results).toMatchObject({
    status: "passed",
    summary:
      "Cookbook: 2 tests run, 2 passed, 0 failed (Node 24.0.0, 300 ms). 4 requirements not tested.",
    run: { node: "24.0.0", duration_ms: 300 },
    passed: 2,
    failed: 0,
  });
  expect(results.cases.map(({ requirement, status }) => [requirement, status])).toEqual([
    ["R1", "passed"],
    ["every part", "passed"],
    ...["R2", "R3", "R4", "R5"].map((id) => [id, "not_run"]),
  ]);
});

test("a test that fails makes the results fail", async () => {
  const steps = (await runWorkflow()).slice(0, 6);
  const request = aRequest({
    task: testing,
    context: itemsOf([...steps.slice(0, 4), ...steps.slice(5)]),
  });
  const { content, tests_passed } = await runOutput(request, { runTests: aRunner(true) });
  expect(tests_passed).toBe(false);
  expect(content).toMatchObject({
    status: "failed",
    failed: 1,
    failures: [{ case: "R1: Post recipes", requirement: "R1", actual: "1 !== 2" }],
  });
});

test("without a runner nothing is run, and the results say so", async () => {
  const steps = await runWorkflow();
  const made = steps.find(({ type }) => type === "test_results");
  const results = TestResults.parse(made?.output.content);
  expect(made?.output.tests_passed).toBe(true);
  expect(results).toMatchObject({ status: "not_run", passed: 0, failed: 0, failures: [] });
  expect(results.summary).toMatch(/not run: code is run only on the local stack/);
  expect(results.cases.every(({ status }) => status === "not_run")).toBe(true);
});

const withFile = (path: string, change: (content: string) => string) => (code: SourceCode) => ({
  ...code,
  files: code.files.map((file) =>
    file.path === path ? { ...file, content: change(file.content) } : file,
  ),
});
const withMore =
  (path: string, content = "") =>
  (code: SourceCode) => ({
    ...code,
    files: [...code.files, { path, language: "javascript", content }],
  });
const evil = "process.exit(0);\n";

test.each<[string, (code: SourceCode) => Json]>([
  ["a changed source file", withFile("src/store.js", (text) => `${text}${evil}`)],
  ["a changed test", withFile("test/http.test.js", (text) => text.replace("404", "200"))],
  ["one space more", withFile("src/parts/recipes.js", (text) => `${text} `)],
  ["another end of lines", withFile("src/app.js", (text) => text.replaceAll("\n", "\r\n"))],
  ["a changed comment", withFile("src/app.js", (text) => text.replace("Most", "Least"))],
  ["another script", withFile("package.json", (text) => text.replace("node src", "sh src"))],
  ["a check of its own", withFile("src/checks.js", (text) => text.replace("[", "[evil, "))],
  ["code before a check", withFile("src/checks.js", (text) => `${evil}${text}`)],
  [
    "a check twice",
    withFile("src/checks.js", (text) => text.replace("refuseStale]", "refuseStale, refuseStale]")),
  ],
  ["a file more", withMore("test/evil.test.js", evil)],
  ["a hidden file more", withMore(".npmrc", "x")],
  ["a file with a path that leads out", withMore("../evil.js", evil)],
  ["a second file of one path", withMore("src/store.js", evil)],
  ["a path in other capitals", withMore("SRC/store.js", evil)],
  ["a file less", (code) => ({ ...code, files: code.files.slice(0, -1) })],
  [
    "code of a model",
    (code) => ({ ...code, files: [{ path: "index.js", language: "js", content: evil }] }),
  ],
])("%s is not run, whoever says that he wrote it", async (_, change) => {
  const { results, output, runTests } = await tested(change);
  expect(runTests).not.toHaveBeenCalled();
  expect(results).toMatchObject({ status: "not_run", passed: 0, failed: 0 });
  expect(results.summary).toMatch(refusal);
  expect(output.tests_passed).toBe(true);
});

test.each<[string, Json]>([
  ["no code", null],
  ["a text", "console.log(1)"],
  ["no files", { title: "x", files: [] }],
])("%s is not run", async (_, content) => {
  const { results, runTests } = await tested(() => content);
  expect(runTests).not.toHaveBeenCalled();
  expect(results.reason).toBe("the source code has not the shape of one");
});

test("what a person writes into README and notes is no code", async () => {
  const { runTests } = await tested(withFile("README.md", () => "Read me"));
  expect(runTests).toHaveBeenCalledOnce();
});

test.each([
  ["a comment at the gate", [anItem({ content: "Users can print recipes." })]],
  ["two wishes", [anItem({ content: "Add dark mode" }), anItem({ content: "Use PostgreSQL" })]],
])("%s after the code was written leaves it the templates' own", async (_, context) => {
  const { runTests } = await tested(undefined, { context });
  expect(runTests).toHaveBeenCalledOnce();
});

test("failures that a directive orders are simulated, and say so", async () => {
  const { results, output, runTests } = await tested(undefined, {
    description: `${cookbook} [[tests:fail:1]]`,
  });
  expect(runTests).not.toHaveBeenCalled();
  expect(output.tests_passed).toBe(false);
  expect(results).toMatchObject({ status: "failed", passed: 0, failed: 2 });
  expect(results.summary).toMatch(/not run. 2 failures simulated/);
  for (const { case: name, actual } of results.failures) {
    expect(name).toContain("(simulated)");
    expect(actual).toContain("simulated");
  }
});

test("code with repairs is the templates' own, too", async () => {
  const runTests = aRunner();
  const description = `${cookbook} [[tests:fail:3]]`;
  await runWorkflow({ description }, { runTests });
  expect(runTests).toHaveBeenCalledOnce();
  const checks = runTests.mock.calls[0]?.[0].find(({ path }) => path === "src/checks.js");
  expect(checks?.content).toContain("[refuseStale, limitTexts, refuseMarkup, refuseControls]");
});
