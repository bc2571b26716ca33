import { transform } from "esbuild";
import { expect, test } from "vitest";
import { SoftwareSpecification } from "../../../lib/agents/contents/software-specification.ts";
import { SourceCode } from "../../../lib/agents/contents/source-code.ts";
import type { TestResults } from "../../../lib/agents/contents/test-results.ts";
import { anItem, aRequest, cookbook, type Made, runOutput, runWorkflow } from "./builders.ts";

const codeOf = (steps: readonly Made[]) =>
  steps
    .filter(({ type }) => type === "source_code")
    .map(({ output }) => SourceCode.parse(output.content));

const textOf = (code: SourceCode | undefined, path: string) =>
  code?.files.find((file) => file.path === path)?.content ?? "";

test.each([
  { name: "Cookbook", description: cookbook },
  { name: "Invoice API", description: null },
  {
    name: '*/ `$(1)` "\\',
    description: "*/ Users can delete. Users can import. */ Users can 1 */",
  },
  { name: "在线书店", description: "一个在线书店。用户可以购买书籍。" },
  {
    name: "Same",
    description:
      "Users can send messages to a person, send messages to a group, manage index, save store, add checks and list common",
  },
])("every file for $name is valid TypeScript at a safe, unique path", async (project) => {
  for (const { files } of codeOf(
    await runWorkflow({ ...project, description: `${project.description ?? ""} [[tests:fail:4]]` }),
  )) {
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
    for (const { path, content } of files) {
      expect(path).toMatch(/^(?:src\/[a-z0-9-]+\.ts|docs\/[a-z-]+\.md)$/);
      if (path.endsWith(".ts")) await transform(content, { loader: "ts" });
    }
  }
});

test("ids of any kind, as another agent may write them, leave the code valid", async () => {
  const ids = ['*/ alert(1) /* "', "REQ-7\nx", "7", "class", "REQ_8", "第一"];
  const steps = await runWorkflow();
  const made = steps.find(({ type }) => type === "software_specification")?.output.content;
  const usual = SoftwareSpecification.parse(made);
  const requirements = ids.map((id, at) => ({
    ...(usual.requirements[at % 2] ?? usual.requirements[0]),
    id,
  }));
  const context = [
    anItem({ artifact_type: "software_specification", content: { ...usual, requirements } }),
  ];
  const task = { agent_type: "coder", output_type: "source_code" } as const;
  const { content } = await runOutput(aRequest({ task, context }));
  const { files } = SourceCode.parse(content);
  const names = files.flatMap((file) => [
    ...file.content.matchAll(/^export const (\w+) = \(store/gm),
  ]);
  expect(new Set(names.map(([, name]) => name)).size).toBe(ids.length);
  for (const { path, content: text } of files) {
    if (path.endsWith(".ts")) await transform(text, { loader: "ts" });
  }
});

test("every function names the requirement that it meets", async () => {
  const [first] = codeOf(await runWorkflow());
  expect(textOf(first, "src/recipes.ts")).toContain(
    "/** R2: Users can rate recipes. */\nexport const rateRecipes = ",
  );
});

test("refinement changes the code and says why", async () => {
  const [first, second] = codeOf(await runWorkflow());
  expect(textOf(first, "src/recipes.ts")).not.toContain("requireUser");
  expect(textOf(second, "src/recipes.ts")).toContain(
    "  requireUser(call);\n  requireDetails(call);\n",
  );
  expect(second?.changes).toContainEqual(expect.objectContaining({ file: "src/recipes.ts" }));
});

test("each bug fix changes what the newest tests hold against the code", async () => {
  const steps = await runWorkflow({ description: `${cookbook} [[tests:fail:2]]` });
  const keys = steps.slice(5).map(({ key }) => key);
  expect(keys.slice(0, 6)).toEqual([
    "code_refinement",
    "code_testing",
    "bug_fix",
    "code_testing",
    "bug_fix",
    "code_testing",
  ]);
  const versions = codeOf(steps);
  const failures = steps.flatMap(({ output }) => (output.content as TestResults).failures ?? []);
  expect(failures.map(({ requirement }) => requirement)).toEqual(["R1", "R2", "R2"]);
  expect(versions[2]?.changes.map(({ requirement }) => requirement)).toEqual(["R1", "R2"]);
  expect(versions[3]?.changes).toMatchObject([{ requirement: "R2", file: "src/recipes.ts" }]);
  expect(new Set(versions.map((code) => textOf(code, "src/recipes.ts"))).size).toBe(4);
});

test("what a person changed in the code stays", async () => {
  const before = codeOf(await runWorkflow())[0];
  const files = before?.files.map((file) => ({ ...file, content: `${file.content}// by hand\n` }));
  const context = [anItem({ artifact_type: "source_code", content: { ...before, files } })];
  const after = codeOf(await runWorkflow({ context }))[0];
  expect(textOf(after, "src/recipes.ts")).toMatch(/requireUser[\s\S]*by hand/);
});
