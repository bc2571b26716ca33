import { expect, test } from "vitest";
import type { ChainResult } from "../../../../lib/agents/models/ask-models.ts";
import { restoreState } from "../../../../lib/agents/models/conversation-state.ts";
import { emptyLedger } from "../../../../lib/domain/budget/ledger.ts";
import { aCall, anAnswer, approved, questionIn, talk, wants, writes } from "./converse.ts";

test("an answer is an output", async () => {
  const { result, asked } = await talk([anAnswer()]);
  expect(result).toMatchObject({
    kind: "output",
    content: "A haiku",
    confidence: 0.8,
    metadata: { written_by: "openai/gpt-5" },
  });
  expect(asked).toEqual([
    {
      purpose: "answer",
      messages: [{ role: "user", content: [{ type: "text", text: "Write a haiku." }] }],
    },
  ]);
});

test("a tester's answer has a verdict", async () => {
  expect((await talk([anAnswer()], { isTest: true })).result).toMatchObject({ tests_passed: true });
  expect((await talk([anAnswer()])).result).not.toHaveProperty("tests_passed");
});

test("an invalid answer is repaired once, with what is wrong with it", async () => {
  const { result, asked } = await talk([writes("A haiku"), anAnswer()]);
  expect(result).toMatchObject({ kind: "output" });
  expect(asked.map(({ purpose }) => purpose)).toEqual(["answer", "repair"]);
  expect(asked[1]?.messages.slice(1)).toEqual([
    { role: "assistant", content: "A haiku" },
    {
      role: "user",
      content: expect.stringMatching(
        /not valid:\nThe answer is not one JSON object.\nAnswer again/,
      ),
    },
  ]);
});

test("what is mended by rule costs no repair, and is told", async () => {
  const { result, asked, mended } = await talk([
    anAnswer({ confidence: 95, open_questions: null }),
  ]);
  expect(result).toMatchObject({ kind: "output", confidence: 0.95, open_questions: [] });
  expect(asked).toHaveLength(1);
  expect(mended).toEqual([
    ["openai/gpt-5", "confidence: 95 read as 95 %", "open_questions: null left out"],
  ]);
  expect((await talk([anAnswer()])).mended).toEqual([]);
});

test("an answer that is invalid again fails the attempt, and another may cure it", async () => {
  const failing = talk([writes("A haiku"), anAnswer({ confidence: 2 })]);
  await expect(failing).rejects.toMatchObject({
    name: "AgentError",
    code: "invalid_answer",
    retryable: true,
    message: expect.stringContaining("confidence"),
  });
});

test("a whole answer at the limit of its length is one", async () => {
  const whole = anAnswer() as Extract<ChainResult, { reply: unknown }>;
  const { result } = await talk([{ ...whole, reply: { ...whole.reply, finish: "length" } }]);
  expect(result).toMatchObject({ kind: "output" });
});

test.each([
  { name: "nothing", text: "", sent: "(nothing)" },
  { name: "white space", text: " \n ", sent: "(nothing)" },
  { name: "far too much", text: "x".repeat(50_000), sent: "x".repeat(40_000) },
  {
    name: "a character that is cut",
    text: `${"x".repeat(39_999)}🐝`,
    sent: `${"x".repeat(39_999)}\ufffd`,
  },
])("of an invalid answer, $name is sent back as providers take it", async ({ text, sent }) => {
  const { asked } = await talk([writes(text), anAnswer()]);
  expect(asked[1]?.messages[1]).toEqual({ role: "assistant", content: sent });
});

const conflict = { with_agent: "architect", objection: "No users.", proposal: "Add them." };

test("a conflict with another agent goes to the mediator", async () => {
  const { result } = await talk([anAnswer({ conflict: { ...conflict, with_agent: "Architect" } })]);
  expect(result).toEqual({ kind: "conflict", conflict });
});

test.each([
  { name: "with itself", with_agent: "coder" },
  { name: "with nobody known", with_agent: "painter" },
  { name: "with the person", with_agent: "user" },
])("a conflict $name is a question for the person", async ({ with_agent }) => {
  const { result } = await talk([anAnswer({ conflict: { ...conflict, with_agent } })]);
  expect(result).toMatchObject({ kind: "output", open_questions: ["No users. Add them."] });
});

test("a mediator has no conflicts of its own", async () => {
  const { result, asked } = await talk([writes("Hm."), anAnswer({ conflict })], {
    purpose: "mediation",
  });
  expect(result).toMatchObject({ kind: "output" });
  expect(asked.map(({ purpose }) => purpose)).toEqual(["mediation", "mediation"]);
});

test("the answer after tools is asked for as such, a repair after them as a repair", async () => {
  const { asked } = await talk([wants(aCall("list_context", {})), writes("Hm."), anAnswer()]);
  expect(asked.map(({ purpose }) => purpose)).toEqual(["answer", "tools", "repair"]);
});

test("an agent that never comes to an end is stopped", async () => {
  const calls: number[] = [];
  const script = Array.from({ length: 24 }, (_, page) => wants(aCall("list_context", { page })));
  const endless = talk(script, {
    context: {
      list: async () => {
        calls.push(1);
        return [];
      },
    },
  });
  await expect(endless).rejects.toMatchObject({ code: "too_many_calls", retryable: false });
  expect(calls).toHaveLength(24);
});

const stop: ChainResult = {
  denied: {
    kind: "nearly",
    wanted: { minCost: 10, maxCost: 100 },
    limit: {
      scope: "task",
      owner: "t1",
      amount: 5_000_000,
      ledger: { ...emptyLedger("task:t1"), reserved: 4_500_000 },
    },
  },
};

test("a limit of the budget stops the run, which goes on from there when it may", async () => {
  const first = await talk([wants(aCall("list_context", {})), stop]);
  expect(first.result).toMatchObject({
    kind: "budget",
    wanted: { minCost: 10, maxCost: 100 },
  });
  const { transcript = null } = first.result as { transcript?: never };
  const second = await talk([anAnswer()], { transcript });
  expect(second.result).toMatchObject({ kind: "output" });
  expect(second.asked).toEqual([first.asked[1]]);
  expect(second.results).toHaveLength(1);
});

test.each([
  null,
  "so far",
  {},
  { messages: [{ role: "user" }], turn: null, repaired: false },
  { messages: [{ role: "user" }], turn: { calls: [] }, repaired: false, replies: 1 },
])("%j is nothing to go on from", (transcript) => {
  expect(restoreState(transcript)).toEqual(restoreState(null));
});

const ask = aCall("ask_human", { question: "Why?" });

test("a conversation that was kept as it is, not as text, is gone on with", async () => {
  const { transcript } = questionIn((await talk([wants(ask)])).result);
  const { turns: _, ...older } = JSON.parse(String(transcript));
  const { result } = await talk([anAnswer()], { transcript: older, answers: [approved("Why?")] });
  expect(result).toMatchObject({ kind: "output" });
});
