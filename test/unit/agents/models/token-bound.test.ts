import { jsonSchema, type ModelMessage, type ToolSet, tool } from "ai";
import { expect, test } from "vitest";
import * as z from "zod";
import {
  addedTokens,
  boundOfJson,
  boundOfPrompt,
  boundOfText,
} from "../../../../lib/agents/models/token-bound.ts";
import { byteLength } from "../../../../lib/domain/json.ts";

test.each([
  { name: "nothing", text: "", bound: 0 },
  { name: "ASCII", text: "A haiku.", bound: 8 },
  { name: "CJK", text: "俳句", bound: 6 },
  { name: "Yi", text: "ꀀꀁ", bound: 6 },
  { name: "an emoji of several", text: "👩‍👩‍👧", bound: 18 },
  { name: "half a pair", text: "\ud800", bound: 3 },
  { name: "a ligature that NFKC writes out", text: "ﷺ", bound: 33 },
  { name: "a note that NFC takes apart", text: "\u{1d15f}", bound: 8 },
])("$name: a token for each byte, $bound", ({ text, bound }) => {
  expect(boundOfText(text)).toBe(bound);
});

/** As servers write JSON: Python's json.dumps, Go's json.Marshal. */
const pythonic = (value: unknown) =>
  JSON.stringify(value, null, 1)
    .replace(/\n */g, " ")
    .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
const gopher = (value: unknown) => JSON.stringify(value).replace(/[<>&]/g, "\\u003c");

test.each([
  {},
  null,
  "plain",
  { path: "a/b", text: 'He said "no".\n\t\u0000' },
  { 俳句: ["古池や", "🐸", "<b>&'</b>"], n: 1.5e300, deep: [[[{ a: [1, 2, 3] }]]] },
])("%j as JSON: no server writes more", (value) => {
  expect(boundOfJson(value)).toBeGreaterThanOrEqual(byteLength(JSON.stringify(value)));
  expect(boundOfJson(value)).toBeGreaterThanOrEqual(pythonic(value).length);
  expect(boundOfJson(value)).toBeGreaterThanOrEqual(gopher(value).length);
});

const text = 'A line with "quotes" and ünïcode.\n'.repeat(50);
const messages: ModelMessage[] = [
  { role: "user", content: text },
  { role: "user", content: [{ type: "text", text }] },
  {
    role: "assistant",
    content: [
      { type: "reasoning", text, providerOptions: { x: { signature: text } } },
      { type: "tool-call", toolCallId: "c", toolName: "t", input: { text } },
    ],
  },
  {
    role: "tool",
    content: [
      {
        type: "tool-result",
        toolCallId: "c",
        toolName: "t",
        output: { type: "text", value: text },
      },
    ],
  },
];
const tools: ToolSet = {
  one: tool({ description: text, inputSchema: z.object({ a: z.string().describe(text) }) }),
  two: tool({ inputSchema: jsonSchema({ type: "object", description: text }) }),
};

test.each([
  { name: "the system prompt", parts: { system: text }, times: 1 },
  { name: "the messages", parts: { messages }, times: 6 },
  { name: "the tools", parts: { tools }, times: 3 },
  { name: "the schema", parts: { schema: { description: text } }, times: 1 },
])("$name: each text counts", async ({ parts, times }) => {
  const nothing = { system: "", messages: [], tools: {}, schema: {} };
  const without = await boundOfPrompt(nothing);
  expect(without).toBeGreaterThan(addedTokens);
  const bound = await boundOfPrompt({ ...nothing, ...parts });
  expect(bound - without).toBeGreaterThanOrEqual(times * byteLength(text));
});
