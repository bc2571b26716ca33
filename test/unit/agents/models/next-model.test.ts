import { expect, test } from "vitest";
import type { ChainResult } from "../../../../lib/agents/models/ask-models.ts";
import { failureAs } from "../../../../lib/agents/models/call-failure.ts";
import { restoreState } from "../../../../lib/agents/models/conversation-state.ts";
import type { FailedAsk } from "../../../../lib/agents/models/paid-call.ts";
import type { FailureCode } from "../../../../lib/agents/providers/refusal.ts";
import type { Json } from "../../../../lib/domain/json.ts";
import { aCall, aModel, anAnswer, talk, wants, writes } from "./converse.ts";

const [a, b] = ["a", "b"].map(aModel);
if (!a || !b) throw new Error("There are no models.");
const chain = [a, b];

const prose = writes("I would rather not.");
const large = anAnswer({ content: "x".repeat(300_000) });
const unknown = wants(aCall("no_such_tool", {}));
const invalid = wants(aCall("read_context", { context_id: 5 }));
const again = wants(aCall("list_context", {}));
/** A reply whose call allowed so many output tokens. */
const cut = (limit: number, most: number | null = null): ChainResult => ({
  ...(writes('{"content": "A ha', "length") as Extract<ChainResult, { reply: unknown }>),
  limit,
  most,
});

type Row = { name: string; script: ChainResult[]; asked: string; code: string };

const rows: Row[] = [
  { name: "prose", script: [prose, prose], asked: "aab", code: "invalid_answer" },
  {
    name: "more than an artifact holds",
    script: [large, large],
    asked: "aab",
    code: "output_too_large",
  },
  {
    name: "what is cut off, with more room and without",
    script: [cut(16_000), cut(64_000)],
    asked: "aab",
    code: "cut_off",
  },
  {
    name: "calls of a tool that does not exist",
    script: [unknown, unknown, unknown],
    asked: "aaab",
    code: "tool_loop",
  },
  {
    name: "calls with an invalid input",
    script: [invalid, invalid, invalid],
    asked: "aaab",
    code: "tool_loop",
  },
  {
    name: "the same call again and again",
    script: [again, again, again, again],
    asked: "aaaab",
    code: "tool_loop",
  },
];

test.each(rows)("a model that gives $name: the next one is asked", async (row) => {
  const { script, asked, code } = row;
  const { result, questions, said, kept } = await talk([...script, anAnswer()], { chain });
  expect(questions.map(({ model }) => model).join("")).toBe(asked);
  expect(result).toMatchObject({ kind: "output", metadata: { written_by: "openai/b" } });
  expect(said).toContain(
    `say openai/a (${code}) gives no answer that can be used: asking openai/b.`,
  );
  expect(restoreState(kept.at(-1) ?? null).given_up).toMatchObject([
    { model: "openai/a", code, attempt: 1 },
  ]);
});

test.each(rows)("of $name the next model reads nothing", async ({ script, name }) => {
  const { asked } = await talk([...script, anAnswer()], { chain });
  const first = asked[0]?.messages ?? [];
  const last = asked.at(-1)?.messages ?? [];
  expect(last.slice(0, 1)).toEqual(first);
  expect(last).toHaveLength(name.startsWith("the same") ? 3 : 1);
});

test.each(rows)("with no other model, $name ends the run: $code", async ({ script, code }) => {
  const alone = talk([...script, ...script, ...script], { chain: [a] });
  await expect(alone).rejects.toMatchObject({
    code,
    retryable: code === "invalid_answer",
    message: expect.stringMatching(new RegExp(`can be used. openai/a: ${code} \\(its|it `)),
  });
});

test("when all give bad answers, each is named, and nobody is asked again", async () => {
  const failing = talk([prose, prose, cut(16_000), cut(64_000), cut(64_000)], { chain });
  await expect(failing).rejects.toMatchObject({
    code: "invalid_answer",
    retryable: false,
    message: expect.stringMatching(/openai\/a: invalid_answer.*openai\/b: cut_off/),
  });
});

test("what was read before the bad answers stays", async () => {
  const script = [wants(aCall("list_context", {})), prose, prose, anAnswer()];
  const { asked, result } = await talk(script, { chain });
  expect(asked.map(({ messages }) => messages.length)).toEqual([1, 3, 5, 3]);
  expect(result).toMatchObject({ kind: "output" });
});

test("a useful turn between them: calls in vain are not in a row", async () => {
  const useful = (page: number) => wants(aCall("list_context", { page }));
  const script = [unknown, unknown, useful(1), unknown, unknown, useful(2), anAnswer()];
  const { result, questions } = await talk(script, { chain });
  expect(questions.every(({ model }) => model === "a")).toBe(true);
  expect(result).toMatchObject({ kind: "output" });
});

test("the last try of calls in vain is told to do something else", async () => {
  const { asked } = await talk([unknown, unknown, anAnswer()], { chain });
  expect(asked.at(-1)?.messages.at(-1)).toMatchObject({
    role: "user",
    content: expect.stringContaining("nothing new"),
  });
});

test("an answer that is cut off is asked for with more room, and the money for it", async () => {
  const { questions, asked } = await talk([cut(16_000), anAnswer()], { chain });
  expect(questions).toEqual([
    { model: "a", maxOutputTokens: 16_000, least: null },
    { model: "a", maxOutputTokens: 64_000, least: 16_001 },
  ]);
  expect(asked[1]?.messages.at(-1)?.content).toContain("there is room for 64000 tokens");
});

test("one that money cut off is not asked for again with the same room", async () => {
  const { questions } = await talk([cut(3_000), anAnswer()], { chain });
  expect(questions[1]).toEqual({ model: "a", maxOutputTokens: 16_000, least: 3_001 });
});

test("where there is no more room it is asked for once, shorter, with the limit", async () => {
  const full = cut(16_000, 16_384);
  const { questions, asked } = await talk([full, full, anAnswer()], { chain });
  expect(questions.map(({ model }) => model)).toEqual(["a", "a", "b"]);
  expect(asked[1]?.messages.at(-1)?.content).toMatch(/16000 tokens.*no more room.*less than 12800/);
});

test("the repair of an answer that is too large names the limit", async () => {
  const { asked } = await talk([large, anAnswer()], { chain });
  expect(asked[1]?.messages.at(-1)?.content).toContain("at most 262144 bytes");
});

const failed = (code: FailureCode): FailedAsk[] => [{ ref: a, failure: failureAs(code) }];
const answered = (code: FailureCode): ChainResult => ({
  ...(anAnswer() as Extract<ChainResult, { reply: unknown }>),
  failed: failed(code),
});

test.each<{ code: FailureCode; next: string }>([
  { code: "content_filter", next: "b" },
  { code: "too_long", next: "b" },
  { code: "unknown_model", next: "b" },
  { code: "bad_request", next: "b" },
  { code: "timeout", next: "b" },
])("a model that failed by $code is not asked in the next turn", async ({ code, next }) => {
  const turn = { ...answered(code), ...wants(aCall("list_context", {})), failed: failed(code) };
  const { questions } = await talk([turn, anAnswer()], { chain });
  expect(questions.map(({ model }) => model).join("")).toBe(`a${next}`);
});

const stored = async (script: ChainResult[]): Promise<Json> => {
  const { kept } = await talk([...script, anAnswer()], { chain });
  return kept.at(-1) ?? null;
};

test("the next attempt does not begin with the model that was given up", async () => {
  const transcript = await stored([prose, prose]);
  const { questions, asked } = await talk([anAnswer()], { chain, transcript, attempt: 2 });
  expect(questions.map(({ model }) => model)).toEqual(["b"]);
  expect(asked[0]?.messages).toHaveLength(1);
});

test("a state of older code is gone on with, and loses nothing when a model is given up", async () => {
  const { kept: _, given_up: __, ...older } = JSON.parse(String(await stored([prose, prose])));
  const transcript = { ...older, messages: [{ role: "assistant", content: "Hm." }] };
  const { asked } = await talk([prose, prose, anAnswer()], { chain, transcript, attempt: 2 });
  expect(asked.map(({ messages }) => messages.length)).toEqual([2, 4, 2]);
});

const strong = aModel("strong");

test("after a bad answer the models for retries are asked first", async () => {
  const script = [prose, prose, prose, prose, anAnswer()];
  const { questions } = await talk(script, { chain, retry: [strong] });
  expect(questions.map(({ model }) => model)).toEqual(["a", "a", "strong", "strong", "b"]);
});

test.each([
  { failed_attempts: 0, asked: "a" },
  { failed_attempts: 1, asked: "strong" },
])("after $failed_attempts failed attempts $asked is asked first", async (row) => {
  const { failed_attempts, asked } = row;
  const given = { chain, retry: [strong], attempt: 2, failed_attempts };
  const { questions } = await talk([anAnswer()], given);
  expect(questions.map(({ model }) => model)).toEqual([asked]);
});

test("a mediator's state is not the task's", async () => {
  const { kept } = await talk([prose, prose, anAnswer()], { chain, purpose: "mediation" });
  expect(kept).toEqual([]);
});
