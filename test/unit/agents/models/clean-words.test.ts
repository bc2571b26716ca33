import { expect, test } from "vitest";
import { cleanWords } from "../../../../lib/agents/models/clean-words.ts";

const prompt = [
  {
    role: "user",
    content: "# Your task\nWrite a haiku about the customer John Doe of Springfield.",
  },
];
const clean = (text: string) => cleanWords(text, { key: "my own key", prompt });

test.each([
  { text: "Too many widgets.", cleaned: "Too many widgets." },
  { text: "Incorrect API key: my own key.", cleaned: "Incorrect API key: …." },
  { text: "Incorrect key sk-abcd1234****wxyz.", cleaned: "Incorrect key …" },
  { text: "Authorization: Bearer eyJhbGciOiJI.eyJzdWIi", cleaned: "Authorization: …" },
  { text: `Token ${"a1".repeat(30)} is bad`, cleaned: "Token … is bad" },
  { text: "One\r\n\ttwo\u001b[31m\u202e", cleaned: "One two [31m" },
  { text: "<html><h1>502 Bad Gateway</h1></html>", cleaned: "502 Bad Gateway" },
  { text: "half \ud83d a pair", cleaned: "half a pair" },
  {
    text: 'Invalid content: "Write a haiku about the customer John Doe of Springfield." is bad',
    cleaned: 'Invalid content: "…" is bad',
  },
  {
    text: 'Bad: {"content":"# Your task\\nWrite a haiku about the customer John"}',
    cleaned: 'Bad: {"content":"…"}',
  },
  { text: "", cleaned: "" },
])("$text is kept as $cleaned", ({ text, cleaned }) => {
  expect(clean(text)).toBe(cleaned);
});

test("a long text is cut at 300 characters", () => {
  const cut = clean("No. ".repeat(1_000));
  expect(cut).toHaveLength(300);
  expect(cut).toMatch(/…$/);
});
