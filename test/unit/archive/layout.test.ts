import { describe, expect, test } from "vitest";
import { sha256Of } from "../../../lib/archive/digest.ts";
import { layOut } from "../../../lib/archive/layout.ts";
import type { ArchivedArtifact } from "../../../lib/archive/parts.ts";
import { DeliverableFile } from "../../../lib/domain/artifact/deliverable.ts";
import type { Json } from "../../../lib/domain/json.ts";
import { aProject } from "../../support/builders.ts";
import { file, given, sources } from "./builders.ts";

const lay = (artifacts: readonly ArchivedArtifact[], project = aProject()) =>
  layOut({ project, artifacts, log: { events: [], isWhole: true } });
const pathsOf = (artifacts: readonly ArchivedArtifact[]) =>
  lay(artifacts).files.map(({ path }) => path);
const textIn = (artifacts: readonly ArchivedArtifact[], path: string) => {
  const found = lay(artifacts).files.find((row) => row.path === `cookbook/${path}`);
  return new TextDecoder().decode(found?.data);
};

test("a project without artifacts has a summary and a readme", () => {
  const { file_name, files } = lay([]);
  expect(file_name).toBe("cookbook.zip");
  expect(files.map(({ path }) => path)).toEqual([
    "cookbook/SUMMARY.md",
    "cookbook/README.md",
    "cookbook/DECISIONS.md",
  ]);
  expect(textIn([], "README.md")).toContain("## What was built\n\nNothing yet.");
});

test.each([
  ["Recipe box", "recipe-box"],
  ["  ../Größe & Œuvre!  ", "grosse-uvre"],
  ["CON", "_con"],
  ["レシピ", aProject().id],
  ["x".repeat(255), "x".repeat(60)],
])("%s is in the folder %s", (name, folder) => {
  const { file_name, files } = lay([], aProject({ name }));
  expect([file_name, files[0]?.path]).toEqual([`${folder}.zip`, `${folder}/SUMMARY.md`]);
});

test("each artifact is a document and its JSON; several of a type are numbered", () => {
  const paths = pathsOf([
    given("project_plan", { title: "Plan" }),
    given("user_input", "One", 2),
    given("user_input", "Two", 3),
    given("source_code", { files: [file("a.ts")] }, 4),
    given("hitl_response", { said: "No" }, 5),
    given("source_code", { files: [file("b.ts")] }, 6),
  ]);
  expect(paths.map((path) => path.replace("cookbook/", ""))).toEqual([
    "SUMMARY.md",
    "README.md",
    "DECISIONS.md",
    "docs/project-plan.md",
    "docs/user-input.md",
    "docs/user-input-2.md",
    "docs/source-code.md",
    "docs/hitl-response.md",
    "docs/source-code-2.md",
    "source/a.ts",
    "source-2/b.ts",
    "artifacts/project-plan.json",
    "artifacts/user-input.json",
    "artifacts/user-input-2.json",
    "artifacts/source-code.json",
    "artifacts/hitl-response.json",
    "artifacts/source-code-2.json",
  ]);
});

test("the list says what each file is and where it is from; its digest covers the list", () => {
  const artifact = sources(file("../x.ts", "let x;"));
  const { files, sha256, total_bytes } = lay([artifact]);
  const { context_id, version } = artifact;
  expect(files.at(-2)).toMatchObject({
    path: "cookbook/source/x.ts",
    original_path: "../x.ts",
    bytes: 6,
    sha256: sha256Of("let x;"),
    artifact_type: "source_code",
    context_id,
    version,
  });
  expect(files.at(-1)?.sha256).toBe(artifact.sha256);
  for (const row of files) {
    expect(DeliverableFile.parse(row).bytes).toBe(row.data.length);
    expect(row.sha256).toBe(sha256Of(row.data));
  }
  expect(total_bytes).toBe(files.reduce((sum, { data }) => sum + data.length, 0));
  expect(sha256).toBe(sha256Of(files.map((row) => `${row.sha256}  ${row.path}\n`).join("")));
});

test.each<[string, Partial<Parameters<typeof aProject>[0]>, Json]>([
  ["the content", {}, "Two"],
  ["the project's name", { name: "Other" }, "One"],
  ["the project's status", { status: "paused" }, "One"],
])("another digest comes with %s", (_, fields, content) => {
  const before = lay([given("user_input", "One")]).sha256;
  expect(lay([given("user_input", "One")]).sha256).toBe(before);
  expect(lay([given("user_input", content)], aProject(fields)).sha256).not.toBe(before);
});

test("a name that was changed is in the summary, as harmless text", () => {
  const summary = textIn([sources(file("a|`b\n\u202e.ts"))], "SUMMARY.md");
  expect(summary).toContain('| ``source/a_`b__.ts`` | "a\\|\\`b\\\\n\\\\u{202e}.ts" |');
});

describe("source code that is none", () => {
  test.each<[string, Json]>([
    ["text", "let x;"],
    ["a list", [file("x.ts")]],
    ["nothing", null],
    ["files that are text", { files: "x.ts" }],
    ["files that are an object", { files: { "x.ts": "let x;" } }],
    ["files without a path", { files: [{ content: "let x;" }, { path: " ", content: "" }] }],
    ["files without content", { files: [{ path: "x.ts" }, { path: "y.ts", content: null }] }],
    ["files of text", { files: ["x.ts", null, []] }],
  ])("%s is a document and JSON", (_, content) => {
    const artifact = given("source_code", content);
    expect(pathsOf([artifact]).slice(3)).toEqual([
      "cookbook/docs/source-code.md",
      "cookbook/artifacts/source-code.json",
    ]);
    expect(textIn([artifact], "artifacts/source-code.json")).toBe(artifact.json);
  });

  test("what is left is counted in the summary and the document", () => {
    const artifact = sources(file("x.ts"), { path: "y.ts" }, "z.ts");
    expect(textIn([artifact], "SUMMARY.md")).toContain(
      "2 entries of `artifacts/source-code.json` are not unpacked.",
    );
    expect(textIn([artifact], "docs/source-code.md")).toContain("2 more entries are not unpacked");
  });

  test("content that is JSON is written as JSON, its keys in one order", () => {
    const artifact = sources(file("package.json", { b: 1, a: [2] }));
    expect(textIn([artifact], "source/package.json")).toBe(
      '{\n  "a": [\n    2\n  ],\n  "b": 1\n}\n',
    );
  });

  test("hostile nesting does not grow", () => {
    const nested = Array.from({ length: 50 }).reduce<Json>(
      (inner) => [inner],
      Array(5_000).fill(1),
    );
    const artifact = sources(file("x.json", nested));
    expect(textIn([artifact], "source/x.json").length).toBeLessThan(2 * artifact.json.length);
  });
});

test("of more than 5 000 files the rest stays in the JSON, and the summary says so", () => {
  const many = Array.from({ length: 2_600 }, (_, n) => file(`${n}.ts`));
  const artifacts = [
    given("source_code", { files: many }),
    given("source_code", { files: many }, 2),
  ];
  const { files } = lay(artifacts);
  expect(files.filter(({ path }) => /^cookbook\/source(-2)?\//.test(path))).toHaveLength(5_000);
  expect(textIn(artifacts, "SUMMARY.md")).toContain(
    "200 entries of `artifacts/source-code-2.json` are not unpacked.",
  );
});

test("a document that would be too large says where the content is", () => {
  const flags = Array.from({ length: 40_000 }, () => ({ a: 1, b: { c: 1 } }));
  expect(textIn([given("agent_output", flags)], "docs/agent-output.md")).toMatch(
    /^# Agent output\n\n\*.*\*\n\nIt is too large to be shown here: see the JSON\.\n$/,
  );
});
