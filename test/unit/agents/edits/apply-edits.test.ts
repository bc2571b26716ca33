import { expect, test } from "vitest";
import { applyEdits } from "../../../../lib/agents/edits/apply-edits.ts";
import type { SourceEdit } from "../../../../lib/agents/edits/source-edits.ts";
import { randomOf } from "../../../support/random.ts";

const aFile = (path: string, content: string) => ({ path, language: "ts", content });
const files = [aFile("src/a.ts", "one\ntwo\nthree\n"), aFile("src/b.ts", "b")];
const replace = (path: string, search: string, by: string): SourceEdit => ({
  edit: "replace",
  path,
  search,
  replace: by,
});

test.each<{ name: string; edits: SourceEdit[]; gives: Record<string, string> }>([
  { name: "no edit", edits: [], gives: { "src/a.ts": "one\ntwo\nthree\n", "src/b.ts": "b" } },
  {
    name: "a new file",
    edits: [{ edit: "write", path: "c.ts", content: "" }],
    gives: { "src/a.ts": "one\ntwo\nthree\n", "src/b.ts": "b", "c.ts": "" },
  },
  {
    name: "a file as a whole",
    edits: [{ edit: "write", path: "./src/b.ts", content: "B" }],
    gives: { "src/a.ts": "one\ntwo\nthree\n", "src/b.ts": "B" },
  },
  {
    name: "a piece",
    edits: [replace("src/a.ts", "two", "$& $1 2")],
    gives: { "src/a.ts": "one\n$& $1 2\nthree\n", "src/b.ts": "b" },
  },
  {
    name: "a removal",
    edits: [{ edit: "remove", path: "src\\b.ts" }],
    gives: { "src/a.ts": "one\ntwo\nthree\n" },
  },
  {
    name: "edits that build on each other",
    edits: [
      replace("src/a.ts", "two", "four"),
      replace("src/a.ts", "four\nthree", "end"),
      { edit: "remove", path: "src/b.ts" },
      { edit: "write", path: "src/b.ts", content: "new" },
    ],
    gives: { "src/a.ts": "one\nend\n", "src/b.ts": "new" },
  },
])("$name is made", ({ edits, gives }) => {
  const applied = applyEdits(files, edits);
  if ("problems" in applied) throw new Error(applied.problems);
  expect(Object.fromEntries(applied.files.map(({ path, content }) => [path, content]))).toEqual(
    gives,
  );
});

test("the language of a file stays, and can be set", () => {
  const edits: SourceEdit[] = [
    { edit: "write", path: "src/b.ts", content: "B" },
    { edit: "write", path: "c.md", language: "markdown", content: "C" },
    { edit: "write", path: "d", content: "D" },
  ];
  expect(applyEdits(files, edits)).toMatchObject({
    files: [{}, { language: "ts" }, { language: "markdown" }, { language: "text" }],
  });
});

test.each<{ name: string; edits: SourceEdit[]; problem: string }>([
  { name: "a missing file", edits: [replace("src/c.ts", "x", "y")], problem: "There is no file" },
  { name: "a missing piece", edits: [replace("src/a.ts", "zwei", "2")], problem: "is not in it" },
  { name: "a piece that is there twice", edits: [replace("src/a.ts", "o", "0")], problem: "once" },
  {
    name: "a file that is gone",
    edits: [
      { edit: "remove", path: "src/b.ts" },
      { edit: "remove", path: "src/b.ts" },
    ],
    problem: "edits[1] (remove src/b.ts): There is no file src/b.ts.",
  },
  { name: "nothing to write", edits: [{ edit: "write", path: "c" }], problem: "`content`" },
  {
    name: "nothing to put in its place",
    edits: [{ edit: "replace", path: "src/a.ts", search: "two" }],
    problem: "`search` or `replace` is missing",
  },
  {
    name: "nothing left",
    edits: [
      { edit: "remove", path: "src/a.ts" },
      { edit: "remove", path: "src/b.ts" },
    ],
    problem: "leave no file",
  },
])("$name is a problem, and no edit counts", ({ edits, problem }) => {
  expect(applyEdits(files, edits)).toEqual({ problems: expect.stringContaining(problem) });
});

test.each([
  { name: "white space at the ends", text: "a  \nb\t\nc\n", search: "a\nb\n", gives: "X\nc\n" },
  { name: "line ends", text: "a\r\nb\r\nc\r\n", search: "a\nb", gives: "X\r\nc\r\n" },
  {
    name: "blank lines around it",
    text: "a \n\n b\nc",
    search: "\n\n b \nc\n\n",
    gives: "a \n\nX",
  },
  { name: "the last line", text: "a\nb ", search: "b\n", gives: "a\nX" },
])("$name does not count", ({ text, search, gives }) => {
  const applied = applyEdits([aFile("f", text)], [replace("f", search, "X\n")]);
  expect(applied).toMatchObject({ files: [{ content: gives }] });
});

test("more than one line keeps the file's line ends", () => {
  const edits = [replace("f", "b", "1\n2")];
  expect(applyEdits([aFile("f", "a\r\nb\r\n")], edits)).toMatchObject({
    files: [{ content: "a\r\n1\r\n2\r\n" }],
  });
});

test("any text that stands once is replaced where it stands", () => {
  const random = randomOf(12);
  const pick = (from: string, length: number) =>
    Array.from({ length }, () => from[Math.floor(random() * from.length)]).join("");
  for (let round = 0; round < 2_000; round += 1) {
    const [head, tail] = [pick("ab\n $", 12), pick("ab\n $", 12)];
    const [piece, by] = [`<${pick("ab\n $", 5)}>`, pick("$&ab\n", 6)];
    const applied = applyEdits([aFile("f", head + piece + tail)], [replace("f", piece, by)]);
    expect(applied).toMatchObject({ files: [{ content: head + by + tail }] });
  }
});
