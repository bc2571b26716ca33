import { expect, test } from "vitest";
import * as z from "zod";
import { replyFormat } from "../../../../lib/agents/models/model-reply.ts";
import { contentSchemas } from "../../../../lib/agents/output-schemas.ts";
import { readAnswer } from "../../../../lib/agents/replies/read-answer.ts";
import { instanceOf } from "../../../providers/instance-of.ts";
import { randomOf } from "../../../support/random.ts";

const format = replyFormat(
  z.object({
    title: z.string().min(1),
    count: z.int().optional(),
    done: z.boolean().optional(),
    status: z.enum(["passed", "failed"]).optional(),
    tags: z.array(z.string()).default([]),
    inner: z.object({ note: z.string().optional(), by: z.string().nullable() }).optional(),
    rows: z.array(z.object({ a: z.string().optional() })).optional(),
  }),
);

const reply = (content: object = {}, fields: object = {}) => ({
  content: { title: "A {b} \"c\" \\ 'd'", tags: [], ...content },
  summary: "Done.",
  confidence: 0.8,
  ...fields,
});
const valid = JSON.stringify(reply());
const draft = JSON.stringify(reply({ title: "draft" }));

const read = (text: string, wanted = format) => {
  const answer = readAnswer(wanted, text);
  return "error" in answer ? null : answer;
};

test.each([
  ["thoughts in braces before it", `<think>{I think, so {x: 1}}</think>${valid}`],
  ["thoughts with JSON before it", `<think>{"plan": {"a": [1, {}]}}</think>\n${valid}`],
  ["thoughts with half an object", `<think>{"plan": </think>${valid}`],
  ["thoughts with half a string", `<think>{"plan": "go on</think>${valid}`],
  ["thoughts with half a list", `<think>{"a": [{"b": 1}, </think>${valid}`],
  ["a draft before it", `${draft}\nNo, better:\n${valid}`],
  ["words with braces after it", `${valid}\nUse {curly} braces: {"a": 1} and {}.`],
  ["words with half an object after it", `${valid}\nFor example {"a": {`],
  ["itself again", `${valid}${valid}`],
  ["a fence", `~~~\n\`\`\`json\n${valid}\n\`\`\`\nBye }`],
  ["a byte order mark", `\uFEFF${valid}`],
  ["a list of one around it", `[${valid}]`],
  ["quotation marks and apostrophes", `It's "so {it" goes: 'x' ${valid} "`],
  ["tool tags around it", `<answer>${valid}</answer></s><|im_end|>`],
  ["line breaks of another system", JSON.stringify(reply(), null, 2).replaceAll("\n", "\r\n")],
  ["an object that lacks its end around it", `{"answer": ${valid}`],
])("%s: read as it is", (_, text) => {
  expect(read(text)?.value).toEqual(reply());
});

test.each([
  ["a JSON string around it", JSON.stringify(valid)],
  ["two of them", JSON.stringify(JSON.stringify(valid))],
  ["one with words around it", `The answer: ${JSON.stringify(valid)} Good luck.`],
  ["escapes without a string", JSON.stringify(valid).slice(1, -1)],
  ["a field around it", JSON.stringify({ thoughts: "…", answer: reply() })],
  ["a trailing comma", valid.replace("[]}", "[],}").replace(/}$/, " , }")],
  ["spaces that are none in JSON", ` \u2028${valid.replace(",", ",\u00A0")}`],
  ["words of Python", valid.replace("[]}", '[],"count":None}')],
  ["comments", valid.replace("{", '{ // the "answer": {\n').replace(/}$/, "/* end */ }")],
])("%s: read, with a note", (_, text) => {
  const answer = read(text);
  expect(answer?.value).toEqual(reply());
  expect(answer?.mends).not.toEqual([]);
});

test.each([
  { name: "a raw line break", given: '"A\nb\tc"', title: "A\nb\tc" },
  { name: "an escaped apostrophe", given: '"it\\\'s"', title: "it's" },
  { name: "typographic quotes", given: "“A”", title: "A" },
  { name: "single quotes", given: "'say \"it\\'s\"\\n\\x41 // no'", title: 'say "it\'s"\nA // no' },
])("a text with $name", ({ given, title }) => {
  const text = `{"content":{"title":${given}},"summary":"s","confidence":1}`;
  expect(read(text)?.value).toMatchObject({ content: { title } });
});

test("an object as Python prints it", () => {
  const text = "{'content': {'title': 'A', 'tags': []}, 'summary': \"It's\", 'confidence': 1}";
  expect(read(text)?.value).toMatchObject({ content: { title: "A" }, summary: "It's" });
});

const confidences = [
  [0.95, 0.95],
  [95, 0.95],
  [100, 1],
  [12.5, 0.125],
  ["0.95", 0.95],
  ["95%", 0.95],
  ["95 %", 0.95],
  ["7%", 0.07],
  ["95", 0.95],
  ["0,9", 0.9],
  ["about 0.9", 0.9],
  ["90 percent", 0.9],
  ["1", 1],
  [["0.9"], 0.9],
  [5, null],
  [1.1, null],
  ["9", null],
  ["9/10", null],
  ["0.8-0.9", null],
  ["-0.9", null],
  ["high", null],
  [101, null],
  [-1, null],
  [null, null],
  ["1,000", 1],
] as const;

test.each(confidences)("a confidence of %j is %j", (confidence, is) => {
  const answer = read(JSON.stringify(reply({}, { confidence })));
  expect(answer ? (answer.value as { confidence: number }).confidence : null).toBe(is);
});

test.each([
  { name: "null for what may be missing", given: { count: null, inner: null }, is: {} },
  { name: "null for a list with a default", given: { tags: null }, is: { tags: [] } },
  {
    name: "null within",
    given: { inner: { note: null, by: null }, rows: [{ a: null }] },
    is: { inner: { by: null }, rows: [{}] },
  },
  { name: "a number in a text", given: { count: "12" }, is: { count: 12 } },
  { name: "a boolean in a text", given: { done: "True" }, is: { done: true } },
  { name: "a word in capitals", given: { status: " Passed" }, is: { status: "passed" } },
  { name: "a text for a list", given: { tags: "one" }, is: { tags: ["one"] } },
  { name: "an empty text for a list", given: { tags: "none" }, is: { tags: [] } },
  { name: "a list in a text", given: { tags: '["a","b",]' }, is: { tags: ["a", "b"] } },
  { name: "a list for a text", given: { title: ["B"] }, is: { title: "B" } },
  { name: "an object for a list", given: { rows: { a: "x" } }, is: { rows: [{ a: "x" }] } },
  { name: "an object in a text", given: { inner: '{"by": null}' }, is: { inner: { by: null } } },
])("$name is mended, and told", ({ given, is }) => {
  const answer = read(JSON.stringify(reply(given)));
  expect(answer?.value).toEqual(reply(is));
  expect(answer?.mends).not.toEqual([]);
});

test.each([
  { name: "several things in one text", given: { tags: "a, b" } },
  { name: "lines in one text", given: { tags: "- a\n- b" } },
  { name: "a text for a number", given: { count: "some" } },
  { name: "half a number", given: { count: "1.5" } },
  { name: "a list of two for a text", given: { title: ["a", "b"] } },
  { name: "a number for a text", given: { title: 5 } },
  { name: "null for what must be there", given: { title: null } },
  { name: "another word", given: { status: "pass" } },
])("$name is not guessed", ({ given }) => {
  expect(read(JSON.stringify(reply(given)))).toBeNull();
});

test("an object as a text, null for the fields beside it, and a conflict in words", () => {
  const text = JSON.stringify({
    ...reply({}, { content: JSON.stringify(reply().content) }),
    open_questions: null,
    conflict: "none",
  });
  const answer = read(text);
  expect(answer?.value).toEqual(reply({}, { conflict: null }));
  expect(answer?.mends).toEqual([
    "content: a text read as the JSON in it",
    "open_questions: null left out",
    "conflict: an empty text read as null",
  ]);
});

test.each([
  ["cut off", valid.slice(0, -1)],
  ["cut off after a draft", `<think>${draft}</think>${valid.slice(0, -9)}`],
  ["cut off in a fence after a draft", `${draft}\n\`\`\`json\n{"answer": ${valid.slice(0, -9)}`],
  ["two that are meant", JSON.stringify({ one: reply(), two: reply({ title: "B" }) })],
  ["no object", "I cannot do that {really}."],
])("%s: no answer", (_, text) => {
  expect(read(text)).toBeNull();
});

test("the problem that is told is the one of the object that is nearest to what was asked for", () => {
  const near = JSON.stringify({ content: {}, summary: "s", confidence: 1 });
  const answer = readAnswer(format, `${near} {"a": 1}`);
  expect("error" in answer && answer.error?.issues[0]?.path).toEqual(["content", "title"]);
});

const noises = ["{", "}", '{"', '"', "[", "<think>", "\\", "{}", "\n", "'", ",", ": ", "x", "😀"];

test("noise before and after an answer never changes it", () => {
  const random = randomOf(7);
  const noise = () =>
    Array.from(
      { length: Math.floor(random() * 8) },
      () => noises[Math.floor(random() * noises.length)],
    ).join("");
  for (const schema of Object.values(contentSchemas)) {
    const own = replyFormat(schema);
    const value = instanceOf(own.json);
    const text = JSON.stringify(value);
    expect(read(text, own)).toEqual({ value: own.schema.parse(value), mends: [] });
    for (let n = 0; n < 40; n += 1) {
      const [before, after] = [noise(), noise()];
      const found = read(`${before} \n${text}\n${after}`, own);
      expect(found?.value, before + after).toEqual(own.schema.parse(value));
    }
  }
});

test("a text that is mutated at random is read or refused, and never throws", () => {
  const random = randomOf(11);
  const pieces = [...noises, "null", "1e999", "\u0000", "\ud800", '\\u12"', "[[", ']"'];
  for (let n = 0; n < 2_000; n += 1) {
    let text = valid;
    for (let m = 0; m <= random() * 4; m += 1) {
      const at = Math.floor(random() * text.length);
      const piece = pieces[Math.floor(random() * pieces.length)] ?? "";
      text = text.slice(0, at) + piece + text.slice(at + Math.floor(random() * 5));
    }
    const answer = read(text);
    if (answer) expect(format.schema.safeParse(answer.value).success).toBe(true);
  }
});

const size = 256 * 1024;

test.each([
  ["braces", "{"],
  ["objects that never end", '{"a":'],
  ["lists that never end", '{"a":['],
  ["strings that never end", '{"'],
  ["quotes and braces in turn", '{":'],
  ["empty objects", "{}"],
  ["backslashes", '{"\\'],
  ["raw control characters", '{"a":"\n"},'],
  ["typographic quotes", "{“"],
  ["single quotes", "{'a':'"],
  ["comments that never end", "{/*"],
  ["comments", "{//"],
  ["lines of comments", "{//\n"],
  ["escaped quotes", '\\"'],
])("256 KB of %s are read before the test's limit, as only linear time can", (_, unit) => {
  const text = unit.repeat(Math.ceil(size / unit.length));
  expect(read(text)).toBeNull();
  expect(read(`${text}${valid}`)).toBeDefined();
});
