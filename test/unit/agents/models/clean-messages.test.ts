import type { ModelMessage } from "ai";
import { expect, test } from "vitest";
import { cleanMessages, sayable } from "../../../../lib/agents/models/clean-messages.ts";
import { fitTool } from "../../../../lib/agents/tool-schemas/fit-tool.ts";

const json = { type: "object", properties: { $q: { type: "string" } } };
const search = fitTool("search", { description: "", json }, "openai");
const fitted = new Map(search ? [["search", search]] : []);
const clean = (message: unknown, hasTools = true) =>
  cleanMessages([message as ModelMessage], { fitted, hasTools })[0]?.content;

const text = (said: string) => ({ type: "text", text: said });
const call = (input: unknown, toolName = "search") => ({
  type: "tool-call",
  toolCallId: "1",
  toolName,
  input,
});
const result = (output: unknown) => ({
  type: "tool-result",
  toolCallId: "1",
  toolName: "search",
  output,
});

test.each<{ role: string; content: unknown; sent: unknown }>([
  { role: "user", content: "", sent: "(empty)" },
  { role: "user", content: " \n\t\u00a0", sent: "(empty)" },
  { role: "user", content: "a\ud800b", sent: "a\ufffdb" },
  { role: "user", content: [text(""), text("x")], sent: [text("x")] },
  { role: "user", content: [text(" ")], sent: [text("(empty)")] },
  { role: "user", content: [], sent: [text("(empty)")] },
  { role: "assistant", content: "", sent: "(empty)" },
  { role: "assistant", content: [], sent: [text("(empty)")] },
  { role: "assistant", content: [text("")], sent: [text("(empty)")] },
  {
    role: "assistant",
    content: [{ type: "reasoning", text: "" }, text("\n")],
    sent: [{ type: "reasoning", text: "" }, text("(empty)")],
  },
  { role: "assistant", content: [text(""), call({ $q: "x" })], sent: [call({ _q: "x" })] },
  { role: "assistant", content: [call({ $q: "x" }, "other")], sent: [call({ $q: "x" }, "other")] },
  { role: "assistant", content: [call("{broken")], sent: [call({ invalid_input: "{broken" })] },
  { role: "assistant", content: [call(null)], sent: [call({ invalid_input: "null" })] },
  { role: "assistant", content: [call([1])], sent: [call({ invalid_input: "[1]" })] },
  {
    role: "assistant",
    content: [call({ $q: "\udc00", "\ud800": 1 })],
    sent: [call({ _q: "\ufffd", "\ufffd": 1 })],
  },
  {
    role: "tool",
    content: [result({ type: "text", value: "" }), result({ type: "error-text", value: " " })],
    sent: [
      result({ type: "text", value: "(empty)" }),
      result({ type: "error-text", value: "(empty)" }),
    ],
  },
  {
    role: "tool",
    content: [
      result({ type: "content", value: [text("")] }),
      result({ type: "content", value: [] }),
    ],
    sent: [
      result({ type: "content", value: [text("(empty)")] }),
      result({ type: "content", value: [text("(empty)")] }),
    ],
  },
  {
    role: "tool",
    content: [result({ type: "json", value: { a: "\ud800" } })],
    sent: [result({ type: "json", value: { a: "\ufffd" } })],
  },
])("$role $content", ({ role, content, sent }) => {
  expect(clean({ role, content })).toEqual(sent);
});

test("without tools in the request, calls and results are told in words", () => {
  const messages = [
    { role: "assistant", content: [text("Let me see."), call({ a: 1 }, "list")] },
    {
      role: "tool",
      content: [result({ type: "text", value: "found" }), result({ type: "json", value: [1] })],
    },
  ] as ModelMessage[];
  expect(cleanMessages(messages, { fitted: new Map(), hasTools: false })).toEqual([
    { role: "assistant", content: [text("Let me see."), text('I used list with {"a":1}')] },
    { role: "user", content: "search gave: found\n\nsearch gave: [1]" },
  ]);
});

test.each([
  ["", "(empty)"],
  ["\u2003", "(empty)"],
  ["x", "x"],
  ["\udfff", "\ufffd"],
])("%j is said as %j", (given, said) => {
  expect(sayable(given)).toBe(said);
});

const calls = (...ids: string[]) => ({
  role: "assistant",
  content: ids.map((toolCallId) => ({ ...call({}, "list"), toolCallId })),
});
const results = (...ids: string[]) => ({
  role: "tool",
  content: ids.map((toolCallId) => ({
    ...result({ type: "text", value: "x" }),
    toolName: "list",
    toolCallId,
  })),
});
const cleanAll = (messages: unknown[]) =>
  cleanMessages(messages as ModelMessage[], { fitted, hasTools: true }).flatMap(({ content }) =>
    (content as { toolCallId: string; toolName: string }[]).map(
      ({ toolCallId, toolName }) => [toolName, toolCallId] as const,
    ),
  );

test.each(["call_1", "fc-1", "a".repeat(64)])("the id %s goes out as it is", (id) => {
  expect(cleanAll([calls(id), results(id)])).toEqual([
    ["list", id],
    ["list", id],
  ]);
});

test.each(["functions.list:0", "", "i".repeat(65), "call 1", "call|fc", "ид"])(
  "the id %j is replaced by one that all providers take, also in its result",
  (id) => {
    const [first, second] = cleanAll([calls(id), results(id)]).map(([, sent]) => sent);
    expect(first).toMatch(/^[a-z0-9]{9}$/);
    expect(second).toBe(first);
  },
);

test("an id that comes again stands for another call", () => {
  const sent = cleanAll([calls("0", "0"), results("0", "0"), calls("0"), results("0")]);
  const [a, b, ra, rb, c, rc] = sent.map(([, id]) => id);
  expect(new Set([a, b, c]).size).toBe(3);
  expect([ra, rb, rc]).toEqual([a, b, c]);
});

test.each([
  ["functions.list", "functions_list"],
  ["read context!", "read_context_"],
  ["x".repeat(300), "x".repeat(64)],
  ["", "_"],
  ["工具", "__"],
])("the tool %j that a model made up is told as %j", (toolName, sent) => {
  const content = [{ ...call({}, toolName) }];
  expect(cleanAll([{ role: "assistant", content }])).toEqual([[sent, "1"]]);
});
