import { describe, expect, test } from "vitest";
import { ProjectPlan } from "../../../lib/agents/contents/project-plan.ts";
import { SoftwareSpecification } from "../../../lib/agents/contents/software-specification.ts";
import { canonicalJson, type Json } from "../../../lib/domain/json.ts";
import { anItem, aRequest, cookbook, type Made, runOutput, runWorkflow } from "./builders.ts";

const said = "Use PostgreSQL for everything";

test("every artifact shows that it heard, and what it did about it", async () => {
  for (const { key, output } of await runWorkflow({ context: [anItem({ content: said })] })) {
    expect(output.content, key).toMatchObject({
      feedback: [{ said, taken_up: expect.stringMatching(/\w/) }],
    });
  }
});

test.each([
  ["Add a login with Google", "The recipe sharing site includes “a login with Google”."],
  ["Users must be able to print recipes.", "Users can print recipes."],
])("the feedback %j becomes the goal %j", async (content, goal) => {
  const plan = await runOutput(aRequest({ context: [anItem({ content })] }));
  expect(plan.content).toMatchObject({
    goals: expect.arrayContaining([expect.stringContaining(goal)]),
  });
});

test.each([
  { content: "Add dark mode", comment: null },
  { content: { wish: "Add dark mode" }, comment: null },
  { content: null, comment: "Add dark mode" },
  { content: "Add dark mode [[fail:always]]", comment: "Add dark mode" },
])("an answer is read whatever its shape: $content $comment", async (answer) => {
  const answers = [{ question: "Is the plan good?", action: "amend" as const, ...answer }];
  const { content } = await runOutput(aRequest({ answers }));
  expect(content).toMatchObject({ feedback: [{ said: expect.stringMatching(/^Add dark mode/) }] });
});

test("an answer that is an artifact too counts once", async () => {
  const answers = [{ question: "Good?", action: "amend" as const, content: said, comment: "Soon" }];
  const context = [anItem({ content: said })];
  const { content } = await runOutput(aRequest({ answers, context }));
  expect(content).toMatchObject({ feedback: [{ said: `${said} – Soon` }] });
});

test.each(["retry", "skip", "cancel"])(
  "%s is for the workflow, not for the project",
  async (content) => {
    const answers = [
      { question: "It failed. What now?", action: "amend" as const, content, comment: null },
    ];
    expect((await runOutput(aRequest({ answers }))).content).toMatchObject({ feedback: [] });
  },
);

test("what the user adds as input becomes a requirement", async () => {
  const context = [
    anItem({ artifact_type: "user_input", content: { note: "Users can print labels." } }),
  ];
  const steps = await runWorkflow({ context });
  const { content } = steps[1]?.output ?? {};
  expect((content as SoftwareSpecification).requirements).toContainEqual(
    expect.objectContaining({ text: "Users can print labels.", source: "user input" }),
  );
});

test("a goal that a person wrote into the plan becomes a requirement", async () => {
  const { content } = await runOutput(aRequest());
  const plan = { ...ProjectPlan.parse(content), goals: ["Users can swap seeds."] };
  const context = [anItem({ artifact_type: "project_plan", content: plan })];
  const task = { output_type: "software_specification" } as const;
  const specification = await runOutput(aRequest({ context, task }));
  expect(canonicalJson(specification.content)).toContain("Users can swap seeds.");
});

const specificationIn = (steps: readonly Made[]) =>
  SoftwareSpecification.parse(steps[1]?.output.content);

const printing = `${cookbook} Users can print recipes.`;

/** The texts in which a project's documents say what is to be built. */
const builtIn = async (content: unknown, changes = {}): Promise<string> => {
  const context = [anItem({ content })];
  const steps = await runWorkflow({ description: printing, context, ...changes });
  return canonicalJson(
    steps.map(({ output }) => {
      const { feedback, out_of_scope, ...rest } = output.content as { [key: string]: Json };
      return rest;
    }),
  ).replaceAll(/[^"]*“[^"]*"/g, '"');
};

describe("what is to be left out is in no document any more, however it is said", () => {
  const named = /printing|print recipes|printRecipes|recipes\/print/i;

  test.each([
    "Fine, but leave out printing",
    "Add export as CSV, and leave out printing.",
    "No printing, please.",
    "Everything without printing",
    "Looks good. We don't need printing. Go on!",
    "Could you drop the printing of recipes?",
    "Please remove:\n- printing\n- comments",
    "Users should not print recipes",
    "Printing can be left out for now",
    ["leave printing out", "thanks"],
    { remove: ["printing"], comment: "Go on" },
    { printing: false },
    { note: { text: "get rid of printing" } },
  ])("%j", async (content) => {
    expect(await builtIn("Fine")).toMatch(named);
    expect(await builtIn(content)).not.toMatch(named);
  });

  test("also when the specification was written before it was said", async () => {
    const steps = await runWorkflow({ description: printing });
    const specification = steps[1]?.output.content;
    expect(canonicalJson(specification ?? null)).toMatch(/print recipes/i);
    const context = [
      anItem({ artifact_type: "software_specification", content: specification }),
      anItem({ content: "leave out printing" }),
    ];
    const task = { output_type: "system_architecture" } as const;
    const { content } = await runOutput(aRequest({ description: printing, context, task }));
    const { feedback, decisions, ...rest } = content as { [key: string]: Json };
    expect(canonicalJson(rest)).not.toMatch(/print/i);
    expect(canonicalJson(feedback ?? null)).toContain("Left out: “printing”.");
  });
});

test.each([
  ["Instead of printing, use export as PDF", /export as PDF/, /print/i],
  ["Replace printing with export as PDF", /export as PDF/, /print/i],
  ["Rename recipes to dishes", /Users can post dishes/, /recipes/i],
  [{ rename: { recipes: "dishes" } }, /Users can post dishes/, /recipes/i],
  ["Users can swap seeds", /Users can swap seeds/, /never/],
])("%j is taken up as written", async (content, there, gone) => {
  const steps = await runWorkflow({ description: printing, context: [anItem({ content })] });
  const { requirements } = specificationIn(steps);
  const texts = requirements.map(
    ({ title, text }) => `${title} ${text.replace(/The review.*/, "")}`,
  );
  expect(texts.join("\n")).toMatch(there);
  expect(texts.join("\n")).not.toMatch(gone);
});

test.each([
  "Use PostgreSQL",
  "Make it blue",
  "It must not lose data",
  "Drop R3",
  "Rename cars to vans",
  "Use lorries instead of cars",
  "Bitte ohne Drucken",
  "only ratings",
])("%j is named as not taken up, and is no requirement", async (said) => {
  for (const { key, output } of await runWorkflow({ context: [anItem({ content: said })] })) {
    const content = output.content as { [key: string]: Json };
    expect(canonicalJson(content.feedback ?? null), key).toContain(
      `Not taken up: “${said}” – an offline agent does not understand this.`,
    );
    expect(canonicalJson(content.requirements ?? null), key).not.toContain(said);
  }
});

test.each(["Fine", "No changes", "ok, go on", "No objections from my side.", "Looks good so far!"])(
  "%j changes nothing",
  async (said) => {
    const steps = await runWorkflow({ context: [anItem({ content: said })] });
    const { requirements, feedback } = specificationIn(steps);
    expect(requirements).toEqual(specificationIn(await runWorkflow()).requirements);
    expect(feedback).toMatchObject([{ taken_up: "Read as agreement; nothing is changed." }]);
  },
);

test("what a description leaves out is no requirement", async () => {
  const description = `${cookbook} No comments. A search is not needed.`;
  const { requirements, out_of_scope } = specificationIn(await runWorkflow({ description }));
  expect(requirements.map(({ title }) => title).join()).not.toMatch(/comment/i);
  expect(out_of_scope.join()).toMatch(/“comments” is left out.*“search” is left out/);
});

test("what was said about one document holds for the later ones, though it is no artifact", async () => {
  const answers = [
    { question: "Good?", action: "amend" as const, content: null, comment: "Leave out printing" },
  ];
  const plan = await runOutput(aRequest({ description: printing, answers }));
  const context = [anItem({ artifact_type: "project_plan", content: plan.content })];
  const task = { output_type: "software_specification" } as const;
  const { content } = await runOutput(aRequest({ description: printing, context, task }));
  expect(SoftwareSpecification.parse(content)).toMatchObject({
    feedback: [{ taken_up: expect.stringContaining("Left out: “printing”.") }],
    requirements: expect.not.arrayContaining([expect.objectContaining({ title: "Print recipes" })]),
  });
});

test("a new name gets the article that it needs", async () => {
  const description = "A library app. Users can borrow a tool. Users can add tools.";
  const context = [anItem({ content: "Rename tools to items." })];
  const { content } = await runOutput(aRequest({ description, context }));
  expect(JSON.stringify(content)).toContain("borrow an item");
});
