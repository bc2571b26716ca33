import { expect, test } from "vitest";
import { SourceCode, type SourceCodeFile } from "../../../lib/agents/contents/source-code.ts";
import { contentSchemas } from "../../../lib/agents/output-schemas.ts";
import { agentNames } from "../../../lib/catalog/load.ts";
import { ArtifactType } from "../../../lib/domain/artifact/artifact-type.ts";
import { canonicalJson, type Json } from "../../../lib/domain/json.ts";
import { anItem, aRequest, cookbook, type Made, runOutput, runWorkflow } from "./builders.ts";

const projects = [
  { name: "Cookbook", description: cookbook },
  { name: "Invoice API", description: "" },
  { name: "Bienen", description: "Überwachung von Bienenstöcken" },
  { name: "在线书店", description: "一个在线书店。用户可以购买书籍。" },
  { name: "x", description: null },
  {
    name: "Index",
    description: "Users can delete, import the store, index checks and new principles",
  },
  { name: "[[sleep:1]]", description: "[[fail:0]]" },
  { name: '*/ `$(1)` "\\', description: "*/ alert(1) // “quoted”\u2028 and \ud800 broken" },
  {
    name: "n".repeat(255),
    description: `Users can ${"collect old stamps, ".repeat(499)}`.slice(0, 10_000),
  },
  {
    name: "Long",
    description: "It should be fast; and it must be kind to everybody who comes. ".repeat(158),
  },
];

const isCode = ({ path }: SourceCodeFile) => path.endsWith(".js");

/** Leaves out the code of programs, which has words of its own. */
const withoutCode = ({ type, output }: Made): Json => {
  const code = SourceCode.safeParse(output.content);
  if (type !== "source_code" || !code.success) return output.content;
  return { ...code.data, files: code.data.files.filter((file) => !isCode(file)) };
};

test.each(projects)("every step for $name gives what its schema says", async (project) => {
  for (const { key, type, output } of await runWorkflow(project)) {
    const read = contentSchemas[type].safeParse(output.content);
    expect(read.error, key).toBeUndefined();
    expect(output.summary, key).not.toMatch(/undefined|NaN|\[object/);
  }
});

test.each(projects)(
  "no artifact for $name has gaps, fillers or directives in it",
  async (project) => {
    const text = canonicalJson((await runWorkflow(project)).map(withoutCode));
    expect(text).not.toMatch(/lorem|TODO|FIXME|placeholder|undefined|NaN|\[object|\{noun\}/);
    expect(text).not.toMatch(/\[\[(?:sleep|fail)/);
    expect(text.isWellFormed()).toBe(true);
  },
);

test("an artifact of a usual project has 1 to 8 KB, code at most 60 KB", async () => {
  for (const { key, type, output } of await runWorkflow()) {
    const { length } = canonicalJson(output.content);
    expect(length, key).toBeGreaterThan(1_000);
    expect(length, key).toBeLessThan(type === "source_code" ? 60_000 : 8_000);
  }
});

test("the same request gives the same artifact", async () => {
  expect(await runWorkflow()).toEqual(await runWorkflow());
});

test.each([
  { name: "Cookbook", description: cookbook, terms: ["recipes", "shopping lists", "home cooks"] },
  { name: "Invoice API", description: "", terms: ["invoices", "cent"] },
  {
    name: "Hive",
    description: "Überwachung von Bienenstöcken",
    terms: ["Bienenstöcken", "readings"],
  },
  { name: "Roomy", description: "A booking app for dentists", terms: ["dentists", "bookings"] },
])("$name is planned in its own words", async ({ terms, ...project }) => {
  const { content } = await runOutput(aRequest(project));
  for (const term of [project.name, ...terms]) expect(canonicalJson(content)).toContain(term);
});

test("two projects share no goal, requirement, component or file of their own", async () => {
  const own = async (name: string, description: string) => {
    const steps = await runWorkflow({ name, description });
    const text = canonicalJson(steps.map(({ output }) => output.content));
    return new Set(
      [...text.matchAll(/"(?:purpose|responsibility)":"([^"]+)"/g)].map(([, phrase]) => phrase),
    );
  };
  const chat = await own("Chatty", "A chat app for nurses");
  const shared = [...(await own("Cookbook", cookbook))].filter((phrase) => chat.has(phrase));
  expect(shared).toEqual(["Keeps all records; the only component that knows the database."]);
});

test.each([
  ["requirements_analysis", "Users can post recipes."],
  ["architectural_design", "/recipes"],
  ["implementation_planning", "src/parts/recipes.js"],
  ["code_generation", "postRecipes"],
  ["code_testing", "post recipes"],
  ["deployment", "src/parts/recipes.js"],
  ["final_check", "Project plan: Cookbook"],
])("%s builds on what came before: %s", async (key, phrase) => {
  const steps = await runWorkflow();
  expect(canonicalJson(steps.find((step) => step.key === key)?.output.content ?? null)).toContain(
    phrase,
  );
});

test.each(agentNames)(
  "the %s answers a task outside the workflow point by point",
  async (agent_type) => {
    const instructions =
      "Users must be able to print invoices. [[confidence:0.8]] Compare two databases.";
    const task = { agent_type, instructions, output_type: "agent_output", name: "Help" } as const;
    const { content } = await runOutput(aRequest({ task }));
    expect(contentSchemas.agent_output.safeParse(content).success).toBe(true);
    expect(content).toMatchObject({
      title: "Help: Cookbook",
      points: [{ point: "Print invoices" }, { point: "Compare two databases" }],
    });
  },
);

test.each(ArtifactType.options)("any agent can be asked for a %s", async (output_type) => {
  const request = aRequest({ task: { agent_type: "orchestrator", output_type } });
  const { content } = await runOutput(request);
  expect(contentSchemas[output_type].safeParse(content).success).toBe(true);
});

test.each(ArtifactType.options)(
  "a %s that a person wrote in any shape is no obstacle",
  async (artifact_type) => {
    for (const content of ["Just build it", 7, null, [], { requirements: "many" }]) {
      const context = [anItem({ artifact_type, content })];
      for (const { type, output } of await runWorkflow({ context }))
        expect(contentSchemas[type].safeParse(output.content).error).toBeUndefined();
    }
  },
);
