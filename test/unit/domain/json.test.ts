import { expect, test } from "vitest";
import {
  canonicalJson,
  findHalfPairs,
  Json,
  type Json as Value,
  wellFormed,
} from "../../../lib/domain/json.ts";

const parse = (text: string) => JSON.parse(text) as Value;

test.each([
  { name: "sorts keys", value: { b: 1, a: 2 }, text: '{"a":2,"b":1}' },
  {
    name: "sorts integer-like keys as text",
    value: { "10": 1, "9": 2, "1": 3 },
    text: '{"1":3,"10":1,"9":2}',
  },
  {
    name: "sorts within objects and arrays",
    value: { z: [{ d: 1, c: 2 }], a: { y: 1, x: 2 } },
    text: '{"a":{"x":2,"y":1},"z":[{"c":2,"d":1}]}',
  },
  { name: "keeps the order of arrays", value: [3, 1, 2], text: "[3,1,2]" },
  { name: "writes no white space", value: parse('{ "a" : [ 1 , null ] }'), text: '{"a":[1,null]}' },
  {
    name: "writes literals",
    value: [56, { d: true, "10": null, "1": [] }],
    text: '[56,{"1":[],"10":null,"d":true}]',
  },
  {
    name: "writes numbers as ECMAScript does",
    value: parse("[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001,-0]"),
    text: "[333333333.3333333,1e+30,4.5,0.002,1e-27,0]",
  },
  {
    name: "escapes as little as it may",
    value: '€$\u000f\nA\'B"\\"/',
    text: '"€$\\u000f\\nA\'B\\"\\\\\\"/"',
  },
  {
    name: "sorts keys by UTF-16 code units",
    value: { "€": 1, "\r": 2, \ufb33: 3, "1": 4, "😀": 5, "\u0080": 6, ö: 7 },
    text: '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
  },
  {
    name: "keeps empty keys and values",
    value: { "": "", a: {}, b: [] },
    text: '{"":"","a":{},"b":[]}',
  },
  {
    name: "keeps a key named __proto__",
    value: parse('{"b":1,"__proto__":{"a":2}}'),
    text: '{"__proto__":{"a":2},"b":1}',
  },
])("canonical JSON $name", ({ value, text }) => {
  expect(canonicalJson(value)).toBe(text);
});

test("the same value in another order gives the same text", () => {
  const [one, two] = [
    '{"a":1,"b":{"10":2,"9":[{"x":1,"y":2}]}}',
    '{"b":{"9":[{"y":2,"x":1}],"10":2},"a":1}',
  ];
  expect(canonicalJson(parse(one))).toBe(canonicalJson(parse(two)));
});

test("canonical JSON reads back as the same value", () => {
  const value = { a: [1, "x", null, { b: 1.5e300 }], "10": { c: "😀" } };
  expect(parse(canonicalJson(value))).toEqual(value);
});

const nested = (levels: number, open: string, close: string) =>
  parse(`${open.repeat(levels)}1${close.repeat(levels)}`);

test.each([
  { name: "a text", value: "x", valid: true },
  { name: "null", value: null, valid: true },
  { name: "nothing", value: undefined, valid: false },
  { name: "64 arrays", value: nested(64, "[", "]"), valid: true },
  { name: "65 arrays", value: nested(65, "[", "]"), valid: false },
  { name: "64 objects", value: nested(64, '{"a":', "}"), valid: true },
  { name: "65 objects", value: nested(65, '{"a":', "}"), valid: false },
  { name: "100 000 arrays", value: nested(100_000, "[", "]"), valid: false },
  { name: "the largest number", value: Number.MAX_VALUE, valid: true },
  { name: "a number too large for JSON", value: { a: [parse("1e400")] }, valid: false },
  { name: "a number that is none", value: Number.NaN, valid: false },
])("JSON may be $name: $valid", ({ value, valid }) => {
  expect(Json.safeParse(value).success).toBe(valid);
});

test.each<[string, unknown, string[]]>([
  ["whole pairs", { "👍": ["👍", 1, null, true, { a: {} }] }, []],
  ["a text", "a\ud83d", [""]],
  ["a text deep inside", { a: [{ b: "\udc4d\ud83d" }] }, ["a.0.b"]],
  ["a field's name", { a: { "\ud83d": 1 } }, ["a"]],
  ["a name at the top", { "\udc4d": "\ud83d" }, ["", "\udc4d"]],
])("half a surrogate pair is found and replaced: %s", (_, value, places) => {
  expect(findHalfPairs(value).map((path) => path.join("."))).toEqual(places);
  const mended = wellFormed(value);
  expect(findHalfPairs(mended)).toEqual([]);
  if (places.length === 0) expect(mended).toBe(value);
  else expect(JSON.stringify(mended)).toBe(JSON.stringify(value).replace(/\\ud\w{3}/g, "\ufffd"));
});

test("half a pair is found below any nesting, and the first ten are named", () => {
  const deep = Array.from({ length: 100_000 }).reduce<unknown>((inner) => [inner], "whole");
  expect(findHalfPairs(deep)).toEqual([]);
  expect(findHalfPairs(Array(30).fill("\ud800"))).toHaveLength(10);
});
