import { expect, test } from "vitest";
import * as z from "zod";
import type { ModelTool } from "../../../../lib/agents/models/tools.ts";
import type { Json } from "../../../../lib/domain/json.ts";
import type { SideEffect } from "../../../../lib/domain/task/side-effect.ts";
import { aCall, anAnswer, approved, questionIn, talk, wants } from "./converse.ts";

const reads = aCall("read_context", { context_id: "c1" });
const write = aCall("write_context", { artifact_type: "agent_output", content: "A note" });
const ask = aCall("ask_human", { question: " Which database? ", options: ["SQLite"] });

test("a tool without effects is used at once, and said", async () => {
  const { results, said, result } = await talk([wants(reads), anAnswer()]);
  expect(results).toEqual([
    ["call-read_context", "text", "There is no such artifact. There are: c1 (hitl_response)."],
  ]);
  expect(said).toEqual(["say Uses read_context."]);
  expect(result).toMatchObject({ kind: "output" });
});

test.each([
  { name: "an unknown tool", call: aCall("paint", {}), says: "There is no tool paint." },
  {
    name: "a name that every object has",
    call: aCall("toString", {}),
    says: "There is no tool toString.",
  },
  { name: "a wrong input", call: aCall("read_context", { id: 5 }), says: "context_id" },
  { name: "no input", call: aCall("read_context", undefined), says: "expected object" },
  {
    name: "an input that is no JSON",
    call: aCall("read_context", "{", { problem: "Not JSON." }),
    says: "Not JSON.",
  },
  { name: "a blank question", call: aCall("ask_human", { question: " " }), says: "question" },
])("the model is told of $name, and nothing is done", async ({ call, says }) => {
  const { results, said, result } = await talk([wants(call), anAnswer()]);
  expect(results).toEqual([[call.id, "error-text", expect.stringContaining(says)]]);
  expect(said).toEqual([]);
  expect(result).toMatchObject({ kind: "output" });
});

test("a tool that fails is for the model to read", async () => {
  const read = async () => {
    throw new Error("The table does not answer.");
  };
  const { results } = await talk([wants(reads), anAnswer()], { context: { read } });
  expect(results).toEqual([["call-read_context", "error-text", "The table does not answer."]]);
});

test("the end of the run is not", async () => {
  const run = new AbortController();
  const read = async () => {
    run.abort(new Error("lease lost"));
    throw new Error("Too late.");
  };
  const failing = talk([wants(reads), anAnswer()], { context: { read }, signal: run.signal });
  await expect(failing).rejects.toThrow("lease lost");
});

test("a long result is cut, and says so", async () => {
  const content = `${"x".repeat(19_999)}🐝${"y".repeat(99)}`;
  const tool: ModelTool = {
    description: "Gives a lot.",
    schema: z.object({}),
    has_effects: false,
    runs_once: false,
    run: async () => ({ value: content }),
  };
  const { results } = await talk([wants(aCall("much", {})), anAnswer()], {
    available: { much: tool },
  });
  expect(results[0]?.[2]).toBe(`${"x".repeat(19_999)}\ufffd [… 100 characters more]`);
});

test("a tool with effects waits for a person, who reads what it would do", async () => {
  const { result, written, begun, asked } = await talk([wants(write), anAnswer()]);
  expect(result).toMatchObject({
    kind: "question",
    question:
      'The coder wants to use write_context with {"artifact_type":"agent_output","content":"A note"}. Approve to let it, or amend to say what to do instead.',
    options: [],
  });
  expect([written, begun.size, asked.length]).toEqual([[], 0, 1]);
});

/** Runs until a person is asked, and goes on with what they say. */
const afterStop = async (
  { question, transcript }: { question: string; transcript: Json },
  answer: Partial<ReturnType<typeof approved>>,
) => talk([anAnswer()], { transcript, answers: [{ ...approved(question), ...answer }] });

test("approved, it is used once, and the model reads what it gave", async () => {
  const stop = questionIn((await talk([wants(write)])).result);
  const { written, results, said, result } = await afterStop(stop, {});
  expect(written).toEqual([{ artifact_type: "agent_output", content: "A note", key: "1.0:1:0" }]);
  expect(results).toEqual([["call-write_context", "text", '{"context_id":"c1"}']]);
  expect(said).toEqual(["say Uses write_context, as approved."]);
  expect(result).toMatchObject({ kind: "output" });
});

test("amended, it is not used, and the model reads why", async () => {
  const stop = questionIn((await talk([wants(write)])).result);
  const { written, results } = await afterStop(stop, {
    action: "amend",
    content: "Not now",
    comment: "Later",
  });
  expect(written).toEqual([]);
  expect(results).toEqual([
    [
      "call-write_context",
      "error-text",
      'Not done. The person said: {"answer":"amend","words":"Not now","comment":"Later"}',
    ],
  ]);
});

test("without an answer to its question it waits on, and the model is not asked", async () => {
  const stop = questionIn((await talk([wants(write)])).result);
  const { result, asked } = await afterStop(stop, { question: "Something else?" });
  expect(questionIn(result)).toEqual(stop);
  expect(asked).toEqual([]);
});

test("a tool that is not allowed any more is not used", async () => {
  const stop = questionIn((await talk([wants(write)])).result);
  const answers = [approved(stop.question)];
  const { transcript } = stop;
  const { results } = await talk([anAnswer()], { transcript, answers, available: {} });
  expect(results).toEqual([
    ["call-write_context", "error-text", expect.stringContaining("Not done.")],
  ]);
});

test("an input too long to be read is not approved: the model is told to shorten it", async () => {
  const long = aCall("write_context", {
    artifact_type: "agent_output",
    content: "x".repeat(9_000),
  });
  const { results, written, result } = await talk([wants(long), anAnswer()]);
  expect(results).toEqual([
    ["call-write_context", "error-text", expect.stringContaining("shorter")],
  ]);
  expect(written).toEqual([]);
  expect(result).toMatchObject({ kind: "output" });
});

test("what would hide from a person is shown by its code", async () => {
  const input = { artifact_type: "agent_output", content: "abc\u202edef\u200b" };
  const stop = questionIn((await talk([wants(aCall("write_context", input))])).result);
  expect(stop.question).toContain("abc\\u{202e}def\\u{200b}");
});

test("a question of the agent goes to the person, and the answer to the model", async () => {
  const first = await talk([wants(ask)]);
  expect(first.result).toMatchObject({
    kind: "question",
    question: "Which database?",
    options: ["SQLite"],
  });
  const stop = questionIn(first.result);
  const { results } = await afterStop(stop, { action: "amend", content: "SQLite" });
  expect(results).toEqual([
    ["call-ask_human", "text", '{"answer":"amend","words":"SQLite","comment":null}'],
  ]);
});

test("of an answer given twice the newest counts", async () => {
  const stop = questionIn((await talk([wants(ask)])).result);
  const answers = ["MySQL", "SQLite"].map((content) => ({ ...approved(stop.question), content }));
  const { results } = await talk([anAnswer()], { transcript: stop.transcript, answers });
  expect(results[0]?.[2]).toContain("SQLite");
});

test("several calls in one turn are taken in their order, across two questions", async () => {
  const begun = new Map<string, SideEffect>();
  const reading: string[] = [];
  const context = {
    read: async (id: string) => {
      reading.push(id);
      return null;
    },
  };
  const first = await talk([wants(reads, ask, write, aCall("list_files", {}))], { context });
  const one = questionIn(first.result);
  expect(one.question).toBe("Which database?");
  const answers = [approved(one.question)];
  const second = await talk([], { transcript: one.transcript, answers, begun, context });
  const two = questionIn(second.result);
  expect(two.question).toContain("wants to use write_context");
  expect(second.asked).toEqual([]);
  const all = [...answers, approved(two.question)];
  const third = await talk([anAnswer()], {
    transcript: two.transcript,
    answers: all,
    begun,
    context,
  });
  expect(third.results.map(([id, type]) => [id, type])).toEqual([
    ["call-read_context", "text"],
    ["call-ask_human", "text"],
    ["call-write_context", "text"],
    ["call-list_files", "text"],
  ]);
  expect(reading).toEqual(["c1"]);
  expect(third.written).toHaveLength(1);
  expect(third.asked).toMatchObject([{ purpose: "tools" }]);
});
