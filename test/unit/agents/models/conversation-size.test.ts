import { expect, test } from "vitest";
import * as z from "zod";
import { checkResult } from "../../../../lib/agents/context.ts";
import type { ChainResult } from "../../../../lib/agents/models/ask-models.ts";
import { builtInTools, type ModelTool } from "../../../../lib/agents/models/tools.ts";
import type { Json } from "../../../../lib/domain/json.ts";
import { aCall, anAnswer, approved, questionIn, talk, wants } from "./converse.ts";

const giving = (value: string): ModelTool => ({
  description: "Gives a lot.",
  schema: z.object({}),
  has_effects: false,
  runs_once: false,
  run: async () => ({ value }),
});
const much = aCall("much", {});
/** A model that wants a tool so many times, each time with another input. */
const wantsEach = (count: number, name: string): ChainResult[] =>
  Array.from({ length: count }, (_, page) => wants(aCall(name, { page })));
const ask = aCall("ask_human", { question: "Why?" });

test.each([
  {
    name: "earlier turns",
    script: [...wantsEach(9, "much"), wants(ask)],
    value: "x".repeat(19_000),
    whole: 3,
  },
  {
    name: "earlier turns in another script",
    script: [...wantsEach(9, "much"), wants(ask)],
    value: "語".repeat(19_000),
    whole: 1,
  },
  {
    name: "earlier turns full of quotes",
    script: [...wantsEach(9, "much"), wants(ask)],
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
    expect(asked[0]?.messages[0]).toEqual({
      role: "user",
      content: [{ type: "text", text: "Write a haiku." }],
    });
  },
);

test("inputs of tools that are too long to keep are left out, and the question is kept", async () => {
  const long = aCall("write_context", {
    artifact_type: "agent_output",
    content: "x".repeat(60_000),
  });
  const script = [...Array<ChainResult>(5).fill(wants(long)), wants(long, ask)];
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

test("what is sent is bounded with the prompt", async () => {
  const available = { much: giving("x".repeat(19_900)) };
  const { asked } = await talk([...wantsEach(22, "much"), anAnswer()], {
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
const saying = (
  part: { type: "text" | "reasoning"; text: string },
  wanted: ChainResult,
): ChainResult => {
  if (!("reply" in wanted)) return wanted;
  const [said] = wanted.reply.messages as { role: "assistant"; content: object[] }[];
  const messages = [{ role: "assistant", content: [part, ...(said?.content ?? [])] }] as never;
  return { ...wanted, reply: { ...wanted.reply, messages } };
};

test("what the model says beside its tools is left out, too, where it is too long", async () => {
  const said = wantsEach(5, "list_files").map((wanted) =>
    saying({ type: "text", text: "x".repeat(60_000) }, wanted),
  );
  const { result } = await talk([...said, wants(ask)]);
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
  const asking = talk([...Array<ChainResult>(3).fill(thought), wants(ask)]);
  await expect(asking).rejects.toMatchObject({ code: "too_long", retryable: true });
});
