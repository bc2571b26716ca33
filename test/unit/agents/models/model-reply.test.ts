import { expect, test } from "vitest";
import * as z from "zod";
import {
  conflictIn,
  outputOf,
  type ParsedReply,
  readReply,
  replyFormat,
} from "../../../../lib/agents/models/model-reply.ts";
import { contentSchemas } from "../../../../lib/agents/output-schemas.ts";

const format = replyFormat(
  z.object({
    title: z.string(),
    tags: z.array(z.string()).default([]),
    inner: z.object({}).optional(),
  }),
);

const answer = {
  content: { title: "A", tags: [] },
  summary: "Done.",
  confidence: 0.8,
};

const nodesIn = (value: unknown): Record<string, unknown>[] => {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  if (value === null || typeof value !== "object") return [];
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(nodesIn)];
};

test("the schema on the wire is closed, and what has a default may be left out", () => {
  const { json } = format;
  expect(json).toMatchObject({
    type: "object",
    required: ["content", "summary", "confidence"],
    additionalProperties: false,
    properties: {
      content: {
        required: ["title"],
        additionalProperties: false,
        properties: { inner: { type: "object", additionalProperties: false } },
      },
    },
  });
  expect(JSON.stringify(json)).not.toMatch(/\$schema|~standard/);
});

test.each(Object.keys(contentSchemas) as (keyof typeof contentSchemas)[])(
  "every object of %s that names its keys takes no others",
  (name) => {
    const { json } = replyFormat(contentSchemas[name]);
    const open = nodesIn(json).filter(
      ({ type, properties, additionalProperties }) =>
        type === "object" && properties && additionalProperties !== false,
    );
    expect(open).toEqual([]);
  },
);

test("a map of anything stays open", () => {
  const { json } = replyFormat(z.record(z.string(), z.number()));
  expect(json).toMatchObject({
    properties: { content: { additionalProperties: { type: "number" } } },
  });
});

const text = JSON.stringify(answer);

test.each([
  { name: "alone", given: text },
  { name: "with white space", given: `\n  ${text}\n` },
  { name: "fenced", given: `\`\`\`json\n${text}\n\`\`\`` },
  { name: "with words around it", given: `Here it is:\n${text}\nI hope it helps.` },
  { name: "twice", given: `${text}\n${text}` },
  { name: "with more than was asked for", given: JSON.stringify({ ...answer, mood: "fine" }) },
  { name: "without what has a default", given: text.replace(',"tags":[]', "") },
  {
    name: "with no conflict",
    given: JSON.stringify({ ...answer, conflict: null }),
    conflict: null,
  },
])("an answer $name is read", ({ given, ...more }) => {
  const { name: _, ...rest } = more as { name?: string };
  expect(readReply(format, given)).toEqual({ reply: { ...answer, ...rest }, mends: [] });
});

const problemsOf = (read: ParsedReply) => ("problems" in read ? read.problems : "");
const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });

test.each([
  { name: "nothing", given: "", says: "not one JSON object" },
  { name: "prose", given: "I cannot do that.", says: "not one JSON object" },
  { name: "cut off", given: text.slice(0, -5), says: "not one JSON object" },
  { name: "a list", given: `[${JSON.stringify("a")}]`, says: "not one JSON object" },
  { name: "a text", given: '"Done."', says: "not one JSON object" },
  { name: "no content", given: '{"summary":"s","confidence":1}', says: "content" },
  { name: "wrong content", given: text.replace('"A"', "5"), says: "content.title" },
  { name: "too sure", given: text.replace("0.8", "1.1"), says: "confidence" },
  { name: "no summary", given: text.replace("Done.", ""), says: "summary" },
  {
    name: "half a conflict",
    given: JSON.stringify({ ...answer, conflict: { with_agent: "coder" } }),
    says: "conflict",
  },
])("$name is not an answer", ({ given, says }) => {
  expect(problemsOf(readReply(format, given))).toContain(says);
});

test("what cannot be stored is not an answer", () => {
  const open = replyFormat(z.unknown());
  const deep = JSON.stringify({ ...answer, content: nested(70) });
  expect(problemsOf(readReply(open, deep))).toContain("64 levels");
});

const conflict = { with_agent: " Architect ", objection: "No users.", proposal: "Add them." };

test.each([
  { given: conflict, agents: ["architect"], found: { ...conflict, with_agent: "architect" } },
  { given: conflict, agents: ["tester"], found: null },
  { given: conflict, agents: [], found: null },
  { given: null, agents: ["architect"], found: null },
  { given: undefined, agents: ["architect"], found: null },
])("a conflict is with an agent that there is: %#", ({ given, agents, found }) => {
  expect(conflictIn({ ...answer, conflict: given }, agents)).toEqual(found);
});

const of = { isTest: false, written_by: "openai/gpt-5" };

test("an answer becomes an output that says who wrote it", () => {
  expect(outputOf(answer, of)).toEqual({
    kind: "output",
    content: answer.content,
    summary: "Done.",
    confidence: 0.8,
    open_questions: [],
    metadata: { written_by: "openai/gpt-5" },
  });
});

test("open questions, and a conflict that nobody can rule on, are for the person", () => {
  const open_questions = ["How many?"];
  const questions = ["How many?", "No users. Add them."];
  expect(outputOf({ ...answer, open_questions, conflict }, of)).toMatchObject({
    open_questions: questions,
    metadata: { written_by: "openai/gpt-5", open_questions: questions },
  });
});

test.each([
  { content: { failed: 0, cases: [{ status: "passed" }] }, passed: true },
  { content: { failed: 1, cases: [] }, passed: false },
  { content: { failed: "2" }, passed: false },
  { content: { failed: true }, passed: false },
  { content: { failed: -1 }, passed: true },
  { content: { failed: ["The login"] }, passed: false },
  { content: { failed: [] }, passed: true },
  { content: { failed: null, failures: 3 }, passed: false },
  { content: { failures: "none" }, passed: true },
  { content: { cases: [{ status: "FAILED" }] }, passed: false },
  { content: { cases: [{ status: "fail" }] }, passed: false },
  { content: { cases: [{ status: "failed over" }, null] }, passed: true },
  { content: { failed: 0, cases: [{ status: "passed" }, { status: "failed" }] }, passed: false },
  { content: { failures: ["The login"], cases: [] }, passed: false },
  { content: { failures: [] }, passed: true },
  { content: { failed: 0, failures: ["The login, in the first round"] }, passed: true },
  { content: { cases: "none" }, passed: true },
  { content: {}, passed: true },
  { content: "All is well.", passed: true },
])("the verdict of tests that say $content: passed $passed", ({ content, passed }) => {
  expect(outputOf({ ...answer, content }, { ...of, isTest: true }).tests_passed).toBe(passed);
  expect(outputOf({ ...answer, content }, of)).not.toHaveProperty("tests_passed");
});
