import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { expect, test } from "vitest";
import {
  bullets,
  codeCell,
  document,
  fenced,
  heading,
  paragraph,
  table,
} from "../../../lib/archive/markdown.ts";
import { codeSpan, markdownInline, markdownLine } from "../../../lib/domain/markdown-text.ts";
import { randomOf } from "../../support/random.ts";

type Node = { type: string; value?: string; children?: Node[] };

const options = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] };

/** Reads Markdown in the middle of a document as GitHub does. */
const read = (markdown: string): Node[] => {
  const { children = [] } = fromMarkdown(`Before.\n\n${markdown}\n\nAfter.\n`, options) as Node;
  expect(seen(children.slice(0, 1))).toBe("Before.");
  expect(seen(children.slice(-1))).toBe("After.");
  return children.slice(1, -1);
};

/** Says what a piece of Markdown is made of, and the text that a reader sees. */
const seen = (nodes: readonly Node[]): string =>
  nodes
    .map(({ type, value, children = [] }) => {
      if (type === "text" || type === "inlineCode") return value ?? "";
      if (type === "break") return "\n";
      if (type === "paragraph") return seen(children);
      return `<${type}>${value ?? seen(children)}</${type}>`;
    })
    .join("\n\n".repeat(Number(nodes.some(({ type }) => type === "paragraph"))));

const oneLine = (text: string) =>
  text
    .replaceAll("\0", "\ufffd")
    .toWellFormed()
    .replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "")
    .replace(/[ \t]*[\r\n][ \t\r\n]*/g, " ");

/** Texts that Markdown makes something of. */
const hostile = [
  "<img src=x onerror=alert(1)>",
  "</td>",
  "<!-- x",
  "<?php",
  "<https://x.example>",
  "a < b",
  "an odd ` backtick",
  "\\`",
  "\\",
  "``",
  "```js",
  "~~~",
  "~~gone~~",
  "~one~",
  "**bold**",
  "*it*",
  "_it_",
  "__bold__",
  "snake_case_name",
  "a_b_",
  "grep 'a\\|b'",
  "a | b",
  "|",
  "| --- |",
  "--- | ---",
  ":-: | :-:",
  ":-",
  "===",
  "---",
  "- - -",
  "***",
  "#",
  "# a heading #",
  "####### seven",
  "+ more",
  "- item",
  "* item",
  "1. one",
  "1)",
  "1234567890. ten",
  "> quote",
  "- [ ] to do",
  "[x] done",
  "[x]: http://x.example 'title'",
  "[x]",
  "[a](http://x.example)",
  "![a](http://x.example/a.png)",
  "[^1]",
  "[^1]: a note",
  "http://x.example/a_b*c?d=1&lt;2",
  "see https://x.example.",
  "(www.x.example)",
  "WWW.X.EXAMPLE",
  "www.",
  "ftp://x",
  "a.b+c@x.example",
  "mailto:a@x.example",
  "xmpp:a@x.example",
  "&lt;b&gt;",
  "&#60;",
  "&copy",
  "AT&T",
  "a\tb",
  "\u2028",
  "\u00a0",
  "\ufeff",
  "\u202e",
  "\u200f",
  "\0",
  "é",
  "字",
  "👍",
  ":",
  "=",
  "%",
  "{#id}",
  "$x$",
];

const glue = ["", "", " ", "  ", "\n", "  \n", "\n\n", "\t", "\n    ", "\r\n", "\r", "*", "_", "`"];

const textsOf = (seed: number, count: number): string[] => {
  const random = randomOf(seed);
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? "";
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + Math.floor(random() * 6) }, () => pick(hostile) + pick(glue)).join(""),
  );
};

const texts = [...hostile, ...textsOf(7, 250)];

test("a reader of a line, heading, cell, list or bold label gives back the text that went in, and nothing else", () => {
  for (const text of texts) {
    const line = oneLine(text);
    if (line === "") continue;
    expect(seen(read(markdownLine(text)))).toBe(line);
    expect(seen(read(heading(2, text)))).toBe(`<heading>${line}</heading>`);
    const list = bullets([markdownLine(text), markdownLine(text)]);
    const item = `<listItem>${line}</listItem>`;
    expect(seen(read(list))).toBe(`<list>${item}${item}</list>`);
    const cell = markdownInline(text);
    const cells = `<tableRow><tableCell>${line}</tableCell><tableCell>${line}</tableCell></tableRow>`;
    expect(seen(read(table([cell, cell], [[cell, cell]])))).toBe(`<table>${cells}${cells}</table>`);
    expect(seen(read(`${markdownInline(`x${text}y`)} ${codeCell(line)}`))).toBe(
      `${oneLine(`x${text}y`)} ${line}`,
    );
  }
});

test("a reader of a text in lines gives back its lines, and nothing else", () => {
  for (const text of texts) {
    const clean = text.replaceAll("\0", "\ufffd").replace(/\r\n?/g, "\n");
    const lines = clean.replace(/^(?:[ \t]*\n)+|[ \t\n]*$/g, "");
    const blocks = read(document([paragraph(text)]));
    expect(blocks.length, JSON.stringify(text)).toBe(1);
    const whole = seen(blocks);
    const shown = whole.replace(/^<(blockquote|code)>|<\/(blockquote|code)>$/g, "");
    const isCode = whole.startsWith("<code>");
    const expected = isCode ? lines : lines.replace(/\n(?:[ \t]*\n)+/g, "\n\n");
    expect(shown.replace(/[ \t]+$/, ""), JSON.stringify(text)).toBe(
      (isCode ? expected : expected.replace(/^[ \t]+/, "")) || "–",
    );
  }
});

test.each([
  ["spaces and lines", " a\n\n b ", "a b"],
  ["HTML", "<script>x</script>", "&lt;script>x&lt;/script>"],
  ["code", "call `a<b>`", "call \\`a&lt;b>\\`"],
  ["an image", "![x](https://x.example/x.png)", "!\\[x](`https://x.example/x.png`)"],
  ["an address at the end of a sentence", "See www.x.example.", "See `www.x.example`."],
  ["a name with _", "snake_case costs 2 * 3 < 7 & more", "snake_case costs 2 \\* 3 < 7 & more"],
])("what needs no escape stays readable: %s", (_, text, expected) => {
  expect(markdownInline(text)).toBe(expected);
});

test.each([
  ["#hashtag", "#hashtag"],
  ["1.5 is a number", "1.5 is a number"],
  ["-5 degrees", "-5 degrees"],
  ["1. not a list", "1\\. not a list"],
])("%j begins nothing", (text, expected) => {
  expect(markdownLine(text)).toBe(expected);
});

test("a text with lines is a quote; an indented one is code", () => {
  expect(paragraph("# One\r\n\r\n```js\nlet x;")).toBe("> \\# One\n>\n> \\`\\`\\`js\\\n> let x;");
  expect(paragraph("if x:\n\tgo ```")).toBe("````\nif x:\n\tgo ```\n````");
});

test.each(["a", "a`b", "`a``", "", " ", " a ", "a\nb", "\\"])("code shows %j", (text) => {
  const shown = text === "" ? " " : text.replace("\n", " ");
  expect(read(codeSpan(text))).toMatchObject([
    { children: [{ type: "inlineCode", value: shown }] },
  ]);
});

test("a fence is longer than any in it", () => {
  expect(fenced("````", "json")).toBe("`````json\n````\n`````");
});

test.each(["a", " ", "@", ".", "`", "#", "a@", "www.", "\n", "_", "http://."])(
  "half a megabyte of %j is written before the test's limit",
  (piece) => {
    const long = piece.repeat(500_000 / piece.length);
    for (const write of [markdownLine, paragraph, codeSpan, codeCell]) write(`${long}x`);
  },
);
