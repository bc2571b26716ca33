import { expect, test } from "vitest";
import { readToolResult } from "../../../../lib/agents/mcp/read-content.ts";

const text = (words: unknown) => ({ type: "text", text: words });
const image = { type: "image", data: "A".repeat(20_000), mimeType: "image/png" };
const read = (result: unknown) => readToolResult(result).text;

test.each([
  {
    name: "an image before a text",
    content: [image, text("a")],
    is: "a\n[image, image/png, 15 KB, not shown]",
  },
  {
    name: "a small sound",
    content: [{ type: "audio", data: "AAAA" }],
    is: "[audio, 3 bytes, not shown]",
  },
  {
    name: "a text resource",
    content: [{ type: "resource", resource: { uri: "file:///a.md", text: "# A" } }],
    is: "file:///a.md:\n# A",
  },
  {
    name: "a file",
    content: [
      { type: "resource", resource: { uri: "f:/a", mimeType: "application/pdf", blob: "AAAA" } },
    ],
    is: "[file, application/pdf, 3 bytes, f:/a, not shown]",
  },
  {
    name: "a resource that is none",
    content: [{ type: "resource", resource: null }],
    is: "[a resource that cannot be read]",
  },
  {
    name: "a link",
    content: [{ type: "resource_link", uri: "file:///a", name: "A", description: "All of it." }],
    is: "[link: A, file:///a, All of it.]",
  },
  {
    name: "an unknown kind",
    content: [{ type: "hologram" }, text("a")],
    is: 'a\n[a part of the kind "hologram" that cannot be read]',
  },
  {
    name: "a kind that every object has",
    content: [{ type: "constructor" }],
    is: '[a part of the kind "constructor" that cannot be read]',
  },
  { name: "an unknown kind with a text", content: [{ type: "note", text: "a" }], is: "a" },
  { name: "null", content: [null, text("a")], is: "a\n[a part that cannot be read]" },
  { name: "one part", content: text("a"), is: "a" },
  { name: "a number as text", content: [text(5)], is: "5" },
  { name: "null as text", content: [text(null)], is: "[a text that cannot be read]" },
  {
    name: "a resource with a list of contents",
    content: [{ type: "resource", resource: { contents: [{ uri: "f:/a", text: "A" }] } }],
    is: "f:/a:\nA",
  },
  {
    name: "a resource without its wrapper",
    content: [{ type: "resource", uri: "f:/a", text: "A" }],
    is: "f:/a:\nA",
  },
  { name: "a list in the list", content: [[text("a")]], is: "a" },
  { name: "numbers", content: [1, true], is: "1\ntrue" },
  { name: "nothing", content: [], is: "(the answer is empty)" },
  { name: "an empty text", content: [text("")], is: "(the answer is empty)" },
  { name: "half a pair", content: [text("a\ud800")], is: "a\ufffd" },
  {
    name: "a picture in a text",
    content: [text(`![x](data:image/png;base64,${"A".repeat(400)})`)],
    is: "![x]([data, image/png, 300 bytes, not shown])",
  },
])("content with $name", ({ content, is }) => {
  expect(read({ content })).toBe(is);
});

test.each([
  {
    name: "the same",
    texts: ['{"a": 1, "b": [2]}'],
    structured: { b: [2], a: 1 },
    is: '{"a": 1, "b": [2]}',
  },
  { name: "the same, wrapped", texts: ["12 °C"], structured: { result: "12 °C" }, is: "12 °C" },
  { name: "a wrapped number", texts: ["12"], structured: { result: 12 }, is: "12" },
  {
    name: "a wrapped list",
    texts: ['{"a":1}', "x"],
    structured: { result: [{ a: 1 }, "x"] },
    is: '{"a":1}\nx',
  },
  { name: "more", texts: ["One found."], structured: { a: 1 }, is: 'One found.\n{"a":1}' },
  { name: "all", texts: [], structured: { a: 1 }, is: '{"a":1}' },
  { name: "null", texts: ["a"], structured: null, is: "a" },
])("structured content that says $name", ({ texts, structured, is }) => {
  expect(read({ content: texts.map(text), structuredContent: structured })).toBe(is);
});

test("texts and markers keep to 20 000 characters, and the markers stay", () => {
  const found = read({ content: [text("x".repeat(50_000)), ...Array(30).fill(image)] });
  expect(found.length).toBeLessThanOrEqual(20_000);
  expect(found).toMatch(/x{18000} ?.*characters more\]/s);
  expect(found).toMatch(/\[10 more parts, not shown\]$/);
});

test("nesting without end is no reason to fail", () => {
  let deep: unknown = 1;
  for (let level = 0; level < 5_000; level += 1) deep = { deep };
  expect(read({ content: [text("a")], structuredContent: deep })).toBe(
    "a\n[structured content that cannot be read]",
  );
});

test.each([
  { result: { content: [text("No.")], isError: true }, isError: true },
  { result: { content: [text("Yes.")], isError: null }, isError: false },
  { result: { toolResult: { a: 1 } }, isError: false },
])("$result is an error: $isError", ({ result, isError }) => {
  expect(readToolResult(result).isError).toBe(isError);
});

test.each([
  { result: { contents: [{ uri: "f:/a", text: "A" }] }, is: "f:/a:\nA" },
  { result: { messages: ["a"], _meta: {} }, is: '{"messages":["a"]}' },
  { result: { task: { taskId: "1" }, content: [] }, is: '{"task":{"taskId":"1"}}' },
  { result: { structuredContent: { a: "\ud800" } }, is: '{"a":"\ufffd"}' },
  { result: [1, 2], is: "1\n2" },
])("$result is read as it is", ({ result, is }) => {
  expect(read(result)).toBe(is);
});

test.each([true, "true", "yes", 1])("isError: %j says that the tool failed", (isError) => {
  expect(readToolResult({ content: "no", isError })).toEqual({ text: "no", isError: true });
});
