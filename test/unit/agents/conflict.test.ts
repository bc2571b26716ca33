import { expect, test } from "vitest";
import type { AgentRequest, Ruling } from "../../../lib/agents/context.ts";
import { anItem, aRequest, run } from "./builders.ts";

const objection = "A directive makes the coder object in Code Generation.";

const ruling: Ruling = {
  with_agent: "analyst",
  objection,
  proposal: "Go on.",
  ruling: "The coder is right.",
};

const aTry = (
  description: string,
  given: Partial<Pick<AgentRequest, "context" | "answers" | "mediates">> & {
    rulings?: number;
  } = {},
  task: Partial<AgentRequest["task"]> = {},
) =>
  run(
    aRequest({
      description,
      task: { agent_type: "coder", name: "Code Generation", output_type: "source_code", ...task },
      rulings: Array.from({ length: given.rulings ?? 0 }, () => ruling),
      context: given.context ?? [],
      answers: given.answers ?? [],
      mediates: given.mediates ?? null,
    }),
  );

test.each([
  { directive: "[[conflict:2]]", rulings: 0, kind: "conflict" },
  { directive: "[[conflict:2]]", rulings: 1, kind: "conflict" },
  { directive: "[[conflict:2]]", rulings: 2, kind: "output" },
  { directive: "[[conflict:0]]", rulings: 0, kind: "output" },
  { directive: "[[conflict:always]]", rulings: 3, kind: "conflict" },
  { directive: "[[coder:conflict:1]]", rulings: 0, kind: "conflict" },
  { directive: "[[tester:conflict:1]]", rulings: 0, kind: "output" },
])("after $rulings rulings, $directive gives a $kind", async ({ directive, rulings, kind }) => {
  expect(await aTry(`A shop ${directive}`, { rulings })).toMatchObject({ kind });
});

const architect = anItem({ source_agent: "architect", artifact_type: "system_architecture" });
const own = anItem({ source_agent: "coder", artifact_type: "source_code" });
const users = anItem({ source_agent: "user" });

test.each([
  {
    name: "the newest",
    context: [anItem({ source_agent: "tester" }), architect],
    with_agent: "architect",
  },
  { name: "not its own", context: [architect, own], with_agent: "architect" },
  { name: "not the person's", context: [architect, users], with_agent: "architect" },
  { name: "none at all", context: [own, users], with_agent: "analyst" },
])("it objects to another agent's work: $name", async ({ context, with_agent }) => {
  expect(await aTry("[[conflict:1]]", { context })).toEqual({
    kind: "conflict",
    conflict: {
      with_agent,
      objection,
      proposal: "Let the coder go on as its own task says.",
    },
  });
});

const answered = (question: string) =>
  [{ question, action: "approve", content: null, comment: null }] as const;

test.each([
  {
    name: "answered",
    question: `They still disagree. Objection: ${objection} What holds?`,
    kind: "output",
  },
  { name: "not answered", question: "Which database?", kind: "conflict" },
])("a conflict that the person has $name: $kind", async ({ question, kind }) => {
  const result = await aTry("[[conflict:always]]", { answers: answered(question) });
  expect(result).toMatchObject({ kind });
});

test("questions come before conflicts", async () => {
  const text = "[[conflict:1]] [[ask:Which database?]]";
  expect(await aTry(text)).toEqual({ kind: "question", question: "Which database?" });
  expect(await aTry(text, { answers: answered("Which database?") })).toMatchObject({
    kind: "conflict",
  });
});

test("who mediates objects to nothing, and asks nobody", async () => {
  const text = "[[conflict:always]] [[ask:Which database?]]";
  const task = {
    agent_type: "orchestrator",
    name: "Mediation",
    output_type: "agent_output",
  } as const;
  const mediates = { with_agent: "architect", objection: "No users.", proposal: "Add them." };
  expect(await aTry(text, { mediates }, task)).toMatchObject({ kind: "output" });
});
