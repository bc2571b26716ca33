import { expect, test } from "vitest";
import { ProjectPlan } from "../../../lib/agents/contents/project-plan.ts";
import type { SoftwareSpecification } from "../../../lib/agents/contents/software-specification.ts";
import { canonicalJson } from "../../../lib/domain/json.ts";
import { anItem, aRequest, runOutput, runWorkflow } from "./builders.ts";

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
  ["Use PostgreSQL", "The review says: “Use PostgreSQL”."],
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
