import { expect, test } from "vitest";
import { layOut } from "../../../lib/archive/layout.ts";
import type { ArchivedArtifact } from "../../../lib/archive/parts.ts";
import { aProject } from "../../support/builders.ts";
import { file, given, sources } from "./builders.ts";

const textIn = (artifacts: readonly ArchivedArtifact[], path: string, fields = {}) => {
  const { files } = layOut({
    project: aProject(fields),
    artifacts,
    log: { events: [], isWhole: true },
  });
  return new TextDecoder().decode(files.find((row) => row.path === `cookbook/${path}`)?.data);
};

test("an artifact's document has its title, where it is from, and its content", () => {
  const content = { title: "The plan", summary: "Cook.", goals: ["Eat", "Drink"] };
  expect(textIn([given("project_plan", content)], "docs/project-plan.md")).toBe(
    `# The plan

*project_plan, version 1, by coder, 2030-01-01T00:00:00.000Z; as JSON: [artifacts/project-plan.json](../artifacts/project-plan.json)*

## Summary

Cook.

## Goals

- Eat
- Drink
`,
  );
});

test("a text is shown as it is, and never as Markdown or HTML", () => {
  const text = textIn([given("user_input", "## Wish\n\n- More <b>tea</b>")], "docs/user-input.md");
  expect(text).toMatch(
    /^# User input\n\n\*user_input.*\*\n\n> \\## Wish\n>\n> \\- More &lt;b>tea&lt;\/b>\n$/,
  );
});

test("source code's document lists its files instead of showing them", () => {
  const text = textIn([sources(file("src\\x.ts", "SECRET"))], "docs/source-code.md");
  expect(text).toContain("| `source/src/x.ts` | text | 6 |");
  expect(text).not.toContain("SECRET");
});

test("the readme tells from plan, specification, source, tests and deployment what was built", () => {
  const readme = textIn(
    [
      given("project_plan", { summary: "An early plan." }),
      given("project_plan", { summary: "A cookbook for two." }, 2),
      given(
        "software_specification",
        {
          overview: "Two people cook.",
          requirements: [{ id: "R1", title: "Cook", priority: "must" }, { text: "Eat" }, 7],
        },
        3,
      ),
      sources(file("README.md"), file("x.ts")),
      given("test_results", { passed: 3, failed: 1 }, 4),
      given(
        "deployment_log",
        {
          release: "cookbook-v1",
          steps: [{ step: "Switch over", status: "done", detail: "All requests." }],
        },
        5,
      ),
    ],
    "README.md",
    { description: "Recipes for two." },
  );
  expect(readme).not.toContain("early");
  expect(readme).toContain(`# Cookbook

Recipes for two.

The project is active; its phase is discovery.

## What was built

A cookbook for two.

Two people cook.

### Requirements

- R1 Cook (must)
- Eat

### Source code

2 files in \`source/\`; begin with \`source/README.md\`.

### Tests

3 passed, 1 failed.

### Deployment

- Release: cookbook-v1

- Switch over (done) – All requests.

## Who wrote what

| Artifact | Version | Written by | At |
`);
});

test("the readme tells what people said, what became of it, and what the final check left open", () => {
  const feedback = (said: string, taken_up: string) => ({ feedback: [{ said, taken_up }] });
  const readme = textIn(
    [
      given("software_specification", { requirements: [{ id: "R1", title: "Rate" }] }),
      given("source_code", { files: [], ...feedback("No *ratings*.", "Left out of the code.") }, 2),
      given("test_results", feedback("No *ratings*.", "Read."), 3),
      given("deployment_log", feedback("Use Rust | Go.", "Not taken up."), 4),
      given(
        "agent_output",
        {
          verdict: "ready_with_open_points",
          summary: "Not ready.",
          checks: [
            { check: "Built?", result: "ok", detail: "All." },
            { check: "Deployed?", result: "open", detail: "Nobody did." },
          ],
        },
        5,
      ),
    ],
    "README.md",
  );
  expect(readme).toContain(`### Reviews

The requirements above are those of the specification. What people said before and after it:

| Said | What became of it |
| --- | --- |`);
  expect(readme).toContain("| No \\*ratings\\*. | Left out of the code. |");
  expect(readme).toContain("| Use Rust \\| Go. | Not taken up. |");
  expect(readme).toContain("### Final check\n\nNot ready.\n\n- Deployed? (open) – Nobody did.\n");
});

test.each([
  ["text", "nothing but text"],
  ["a list", [1, 2]],
  [
    "other types",
    { summary: 7, overview: [], requirements: "many", steps: [null, "x"], passed: "3" },
  ],
])("a readme is made of artifacts whose content is %s, too", (_, content) => {
  const types = [
    "project_plan",
    "software_specification",
    "test_results",
    "deployment_log",
  ] as const;
  const readme = textIn(
    types.map((type) => given(type, content)),
    "README.md",
  );
  expect(readme).toContain("## What was built\n\nNothing yet.\n\n## Who wrote what");
});

test("the summary tells the project and its artifacts", () => {
  const artifact = given("project_plan", "Plan");
  const summary = textIn([artifact], "SUMMARY.md", {
    description: "For two.\nOr three.",
    status: "completed",
    completed_at: "2030-01-02T00:00:00.000Z",
  });
  expect(summary).toContain("# Cookbook\n\n> For two.\\\n> Or three.\n\n| Project |");
  for (const row of [
    "| Status | completed |",
    "| Phase | discovery |",
    "| Oversight | medium |",
    "| Created | 2030-01-01T00:00:00.000Z |",
    "| Completed | 2030-01-02T00:00:00.000Z |",
    `| project_plan | 1 | coder | \`${artifact.sha256}\` | 2030-01-01T00:00:00.000Z | [docs/project-plan.md](docs/project-plan.md) |`,
    `| \`artifacts/project-plan.json\` | 6 | \`${artifact.sha256}\` |`,
  ]) {
    expect(summary).toContain(row);
  }
  expect(summary).not.toContain("another name");
});
