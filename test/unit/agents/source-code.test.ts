import { transform } from "esbuild";
import { expect, test, vi } from "vitest";
import { ImplementationPlan } from "../../../lib/agents/contents/implementation-plan.ts";
import { SoftwareSpecification } from "../../../lib/agents/contents/software-specification.ts";
import { SourceCode } from "../../../lib/agents/contents/source-code.ts";
import { SystemArchitecture } from "../../../lib/agents/contents/system-architecture.ts";
import type { TestResults } from "../../../lib/agents/contents/test-results.ts";
import type { RunTests } from "../../../lib/agents/offline/test-run.ts";
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
])("every file for $name is valid JavaScript at a safe, unique path", async (project) => {
  for (const { files } of codeOf(
    await runWorkflow({ ...project, description: `${project.description ?? ""} [[tests:fail:4]]` }),
  )) {
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
    for (const { path, content } of files) {
      expect(path).toMatch(/^(?:[\w-]+\/){0,2}[\w-]+(?:\.test)?\.(?:js|json|md)$/);
      if (path.endsWith(".js")) await transform(content, { loader: "js", format: "esm" });
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
    ...file.content.matchAll(/^export const (\w+) = \(store, call\) => on\./gm),
  ]);
  expect(new Set(names.map(([, name]) => name)).size).toBe(ids.length);
  for (const { path, content: text } of files) {
    if (path.endsWith(".js")) await transform(text, { loader: "js", format: "esm" });
  }
});

test("every function names the requirement that it meets", async () => {
  const [first] = codeOf(await runWorkflow());
  expect(textOf(first, "src/parts/recipes.js")).toContain(
    "/** R2: Users can rate recipes. */\nexport const rateRecipes = ",
  );
});

test("the architecture, the plan and the README name what the code has", async () => {
  const steps = await runWorkflow();
  const contentOf = (type: string) => steps.find((step) => step.type === type)?.output.content;
  const { interfaces } = SystemArchitecture.parse(contentOf("system_architecture"));
  const [first] = codeOf(steps);
  for (const { method, path } of interfaces) {
    expect(textOf(first, "src/routes.js")).toContain(`method: "${method}", path: "${path}"`);
    expect(textOf(first, "README.md")).toContain(`\`${method} ${path}\``);
  }
  const { tasks } = ImplementationPlan.parse(contentOf("implementation_plan"));
  const paths = tasks.flatMap(({ files }) => files);
  expect(first?.files.map(({ path }) => path)).toEqual(expect.arrayContaining(paths));
});

test.each([
  ["Users can record visits, create visits and rate visits.", "POST", "/visits/create", "add"],
  ["Users can add tools and borrow tools.", "POST", "/tools/{id}/borrow", "sign"],
  ["Owners can add tools. Owners can see who has their tools.", "GET", "/tools", "list"],
])("%s: %s %s is of the kind %s", async (description, method, path, kind) => {
  const [first] = codeOf(await runWorkflow({ description }));
  expect(textOf(first, "src/routes.js")).toMatch(
    new RegExp(`method: "${method}", path: "${path.replace(/[{}]/g, "\\$&")}", .*kind: "${kind}"`),
  );
});

test("the README says what the documents promise and the program does not do", async () => {
  const steps = await runWorkflow();
  const readme = textOf(codeOf(steps)[0], "README.md");
  const notBuilt = readme.slice(readme.indexOf("## Not built"));
  const contentOf = (type: string) => steps.find((step) => step.type === type)?.output.content;
  const { non_functional } = SoftwareSpecification.parse(contentOf("software_specification"));
  expect(notBuilt).toContain("a deadline) is\nnot built");
  for (const quality of non_functional)
    expect(notBuilt.includes(`- ${quality}\n`), quality).toBe(!quality.startsWith("Nobody sees"));
  expect(notBuilt).toContain("give moderators a queue");
});

test("the README shows a hostile text as it is, and the decisions name what was not taken up", async () => {
  const description = "A zoo app. Keepers can feed <b> animals http://e.vil/x | y.";
  const said = "Use SQLite <b> instead of a JSON file.";
  const [, code] = codeOf(await runWorkflow({ description, context: [anItem({ content: said })] }));
  const [row] = textOf(code, "README.md").match(/^\| R\d .*Feed.*$/m) ?? [];
  expect(row).toContain("Feed &lt;b> animals `http://e.vil/x` \\| y");
  expect(textOf(code, "docs/decisions.md").match(/^- .*$/gm)).toEqual([
    `- Not taken up: “${said.replace("<", "&lt;")}”.`,
  ]);
});

test("refinement changes the code, adds a test and says why", async () => {
  const [first, second] = codeOf(await runWorkflow());
  expect(textOf(first, "src/checks.js")).toContain("checks = [];");
  expect(textOf(second, "src/checks.js")).toContain("checks = [refuseStale];");
  expect(second?.changes).toMatchObject([{ file: "src/checks.js" }]);
  expect(textOf(second, "test/refuseStale.test.js")).toContain("the second is told");
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
  expect(versions[3]?.changes).toMatchObject([{ requirement: "R2", file: "src/checks.js" }]);
  expect(textOf(versions[3], "src/checks.js")).toContain(
    "checks = [refuseStale, limitTexts, refuseMarkup];",
  );
});

const byHand = async () => {
  const before = codeOf(await runWorkflow())[0];
  const files = before?.files.map((file) => ({ ...file, content: `${file.content}// by hand\n` }));
  return [anItem({ artifact_type: "source_code", content: { ...before, files } })];
};

test("what a person changed in the code stays", async () => {
  const after = codeOf(await runWorkflow({ context: await byHand() }))[0];
  expect(textOf(after, "src/parts/recipes.js")).toMatch(/by hand\n$/);
  expect(textOf(after, "src/checks.js")).toMatch(/refuseStale[\s\S]*by hand/);
});

const wish = anItem({ content: "Users can export recipes as CSV." });
const refined = { agent_type: "coder", output_type: "source_code" } as const;

test("a wish that comes after the specification is built into the newest version", async () => {
  const steps = await runWorkflow();
  const context = steps
    .slice(0, 5)
    .map(({ type, output }) => anItem({ artifact_type: type, content: output.content }));
  const request = aRequest({ task: refined, context: [...context, wish] });
  const code = SourceCode.parse((await runOutput(request)).content);
  expect(textOf(code, "src/routes.js")).toContain(
    'requirement: "R6", purpose: "Export recipes as CSV"',
  );
  expect(textOf(code, "docs/decisions.md")).toContain("Built as GET /recipes/export");
  const before = codeOf(steps)[0];
  expect(textOf(code, "src/entries.js")).toBe(textOf(before, "src/entries.js"));
});

test("a wish for code that somebody else has changed is written down as not built", async () => {
  const request = aRequest({ task: refined, context: [...(await byHand()), wish] });
  const code = SourceCode.parse((await runOutput(request)).content);
  expect(textOf(code, "src/routes.js")).not.toContain("Export");
  expect(textOf(code, "docs/decisions.md")).toContain("Written down, not built");
  expect(code.feedback).toMatchObject([{ taken_up: expect.stringContaining("not built") }]);
});

test.each([
  ["adds", "Users can export recipes as CSV."],
  ["adds a part", "Users can create menus."],
  ["leaves out a part", "Leave out the shopping lists."],
  ["leaves out a route", "Please drop the comments on recipes"],
])("a wish that %s leaves the code the templates' own", async (_, said) => {
  const runTests = vi.fn<RunTests>(async () => ({ kind: "not_run", reason: "tried" }));
  const steps = await runWorkflow();
  const items = steps
    .slice(0, 5)
    .map(({ type, output }) => anItem({ artifact_type: type, content: output.content }));
  const context = [...items, anItem({ content: said })];
  const refinement = await runOutput(aRequest({ task: refined, context }));
  const code = anItem({ artifact_type: "source_code", version: 2, content: refinement.content });
  const task = { agent_type: "tester", output_type: "test_results" } as const;
  const next = [...context.filter((item) => item.artifact_type !== "source_code"), code];
  const { content } = await runOutput(aRequest({ task, context: next }), { runTests });
  expect(content).toMatchObject({ reason: "tried" });
  expect(SourceCode.parse(refinement.content).changes.map(({ file }) => file)).toContain(
    "src/routes.js",
  );
});
