import { expect, test } from "vitest";
import * as z from "zod";
import { checkResult } from "../../../../lib/agents/agent.ts";
import { restoreState } from "../../../../lib/agents/models/conversation.ts";
import type { Asked } from "../../../../lib/agents/models/paid-call.ts";
import { type AgentTool, builtInTools } from "../../../../lib/agents/models/tools.ts";
import type { Json } from "../../../../lib/domain/json.ts";
import { emptyLedger } from "../../../../lib/domain/ledger.ts";
import { aCall, anAnswer, approved, questionIn, talk, wants, writes } from "./talk.ts";

test("an answer is an output", async () => {
  const { result, asked } = await talk([anAnswer()]);
  expect(result).toMatchObject({
    kind: "output",
    content: "A haiku",
    confidence: 0.8,
    metadata: { written_by: "openai/gpt-5" },
  });
  expect(asked).toEqual([
    { purpose: "answer", messages: [{ role: "user", content: "Write a haiku." }] },
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

test("an answer that is invalid again fails the attempt, and another may cure it", async () => {
  const failing = talk([writes("A haiku"), anAnswer({ confidence: 2 })]);
  await expect(failing).rejects.toMatchObject({
    name: "AgentError",
    code: "invalid_answer",
    retryable: true,
    message: expect.stringContaining("confidence"),
  });
});

test("an answer that was cut off is asked for again, shorter", async () => {
  const { asked } = await talk([writes('{"content": "A ha', "length"), anAnswer()]);
  expect(asked[1]?.messages.at(-1)?.content).toContain("cut off at the limit of its length");
});

test("a whole answer at the limit of its length is one", async () => {
  const whole = anAnswer() as Extract<Asked, { reply: unknown }>;
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
  const endless = talk([wants(aCall("list_context", {}))], {
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

const stop: Asked = {
  stopped: {
    kind: "nearly",
    limit: {
      scope: "task",
      name: "task:t1:5000000",
      limit: 5_000_000,
      ledger: { ...emptyLedger("task:t1"), reserved: 4_500_000 },
    },
  },
};

test("a limit of the budget stops the run, which goes on from there when it may", async () => {
  const first = await talk([wants(aCall("list_context", {})), stop]);
  expect(first.result).toMatchObject({
    kind: "budget",
    question: expect.stringContaining("Of the $5.00 for this task"),
    about: "nearly:task:t1:5000000",
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

const giving = (value: string): AgentTool => ({
  description: "Gives a lot.",
  schema: z.object({}),
  has_effects: false,
  runs_once: false,
  run: async () => ({ value }),
});
const much = aCall("much", {});
const ask = aCall("ask_human", { question: "Why?" });

test.each([
  {
    name: "earlier turns",
    script: [...Array<Asked>(9).fill(wants(much)), wants(ask)],
    value: "x".repeat(19_000),
    whole: 3,
  },
  {
    name: "earlier turns in another script",
    script: [...Array<Asked>(9).fill(wants(much)), wants(ask)],
    value: "語".repeat(19_000),
    whole: 1,
  },
  {
    name: "earlier turns full of quotes",
    script: [...Array<Asked>(9).fill(wants(much)), wants(ask)],
    value: '"'.repeat(19_000),
    whole: 1,
  },
  {
    name: "a single turn",
    script: [wants(...Array(9).fill(much), ask)],
    value: "x".repeat(19_000),
    whole: 3,
  },
])(
  "of a conversation that is too long to keep, the oldest is left out: $name",
  async ({ script, value, whole }) => {
    const available = { much: giving(value), ask_human: builtInTools.ask_human };
    const { transcript } = questionIn((await talk(script, { available })).result);
    const text = JSON.stringify(transcript);
    expect(Buffer.byteLength(text)).toBeLessThan(165_000);
    expect(String(transcript).split(JSON.stringify(value))).toHaveLength(whole + 1);
    expect(text.split("left out for space")).toHaveLength(10 - whole);
    const answers = [approved("Why?")];
    const { results, asked } = await talk([anAnswer()], { transcript, answers, available });
    expect(results).toHaveLength(10);
    expect(asked[0]?.messages[0]).toEqual({ role: "user", content: "Write a haiku." });
  },
);

test("inputs of tools that are too long to keep are left out, and the question is kept", async () => {
  const long = aCall("write_context", {
    artifact_type: "agent_output",
    content: "x".repeat(60_000),
  });
  const script = [...Array<Asked>(5).fill(wants(long)), wants(long, ask)];
  const { transcript } = questionIn((await talk(script)).result);
  expect(Buffer.byteLength(JSON.stringify(transcript))).toBeLessThan(165_000);
  const { results, result } = await talk([anAnswer()], { transcript, answers: [approved("Why?")] });
  expect(results.map(([id]) => id)).toEqual([
    ...Array(6).fill("call-write_context"),
    "call-ask_human",
  ]);
  expect(result).toMatchObject({ kind: "output" });
});

test("beside a prompt of any length there is room for what a tool gave", async () => {
  const { results } = await talk([wants(much), anAnswer()], {
    available: { much: giving("x".repeat(19_900)) },
    prompt: "y".repeat(500_000),
  });
  expect(results).toEqual([["call-much", "text", "x".repeat(19_900)]]);
});

test("a conversation that was kept as it is, not as text, is gone on with", async () => {
  const { transcript } = questionIn((await talk([wants(ask)])).result);
  const { turns: _, ...older } = JSON.parse(String(transcript));
  const { result } = await talk([anAnswer()], { transcript: older, answers: [approved("Why?")] });
  expect(result).toMatchObject({ kind: "output" });
});

test("what is sent is bounded with the prompt", async () => {
  const available = { much: giving("x".repeat(19_900)) };
  const { asked } = await talk([...Array<Asked>(22).fill(wants(much)), anAnswer()], {
    available,
    prompt: "y".repeat(200_000),
  });
  const bytes = asked.map(({ messages }) => Buffer.byteLength(JSON.stringify(messages)));
  expect(Math.max(...bytes)).toBeLessThan(401_000);
  expect(bytes.at(-1)).toBeGreaterThan(350_000);
});

test("an input nested deeper than an artifact may be is kept, and used", async () => {
  let nested: Json = "deep";
  for (let depth = 0; depth < 60; depth += 1) nested = [nested];
  const note = aCall("write_context", { artifact_type: "agent_output", content: nested });
  const { result } = await talk([wants(note)]);
  expect(checkResult(result)).toEqual(result);
  const { question, transcript } = questionIn(result);
  const after = await talk([anAnswer()], { transcript, answers: [approved(question)] });
  expect(after.written).toMatchObject([{ content: nested }]);
});

/** A model that also says or thinks something, beside the tools that it wants. */
const saying = (part: { type: "text" | "reasoning"; text: string }, wanted: Asked): Asked => {
  if (!("reply" in wanted)) return wanted;
  const [said] = wanted.reply.messages as { role: "assistant"; content: object[] }[];
  const messages = [{ role: "assistant", content: [part, ...(said?.content ?? [])] }] as never;
  return { ...wanted, reply: { ...wanted.reply, messages } };
};

test("what the model says beside its tools is left out, too, where it is too long", async () => {
  const said = saying({ type: "text", text: "x".repeat(60_000) }, wants(aCall("list_files", {})));
  const { result } = await talk([...Array<Asked>(5).fill(said), wants(ask)]);
  const { transcript } = questionIn(result);
  const after = await talk([anAnswer()], { transcript, answers: [approved("Why?")] });
  expect(after.result).toMatchObject({ kind: "output" });
  expect(after.results).toHaveLength(6);
});

test("who thinks more than can be kept asks nobody: the answer would be lost on the next run", async () => {
  const thought = saying(
    { type: "reasoning", text: "x".repeat(60_000) },
    wants(aCall("list_files", {})),
  );
  const asking = talk([...Array<Asked>(3).fill(thought), wants(ask)]);
  await expect(asking).rejects.toMatchObject({ code: "too_long", retryable: true });
});
