import { expect, test } from "vitest";
import { code, fenced, inline, paragraph, plain, table } from "../../../lib/archive/markdown.ts";

test.each([
  ["spaces and lines", " a\n\n b ", "a b"],
  ["HTML", "<script>x</script>", "&lt;script>x&lt;/script>"],
  ["code stays", "call `a<b>` of **this**", "call `a<b>` of **this**"],
  ["code that does not end", "call `<b>", "call `&lt;b>"],
  ["code in doubt", "``a`<b>`", "``a`&lt;b>`"],
  ["an image", "![x](https://example.com/x.png)", "!\\[x](https://example.com/x.png)"],
])("inline: %s", (_, text, expected) => {
  expect(inline(text)).toBe(expected);
});

test.each([
  ["# not a heading", "\\# not a heading"],
  ["#hashtag", "#hashtag"],
  ["- not a list", "\\- not a list"],
  ["1. not a list", "1\\. not a list"],
  ["1.5 is a number", "1.5 is a number"],
  ["> not a quote", "\\> not a quote"],
  ["```js", "\\```js"],
  ["---", "\\---"],
  ["**bold** text", "**bold** text"],
  ["[a]: https://example.com", "\\[a]: https://example.com"],
])("%j begins nothing", (text, expected) => {
  expect(plain(text)).toBe(expected);
});

test("a text with lines is a quote, which ends what is open in it", () => {
  expect(paragraph("# One\r\n\r\n```js\nlet x;")).toBe("> # One\n>\n> ```js\n> let x;");
});

test.each([
  ["a", "`a`"],
  ["a`b", "``a`b``"],
  ["`a``", "``` `a`` ```"],
  ["", "`  `"],
])("code: %j", (text, expected) => {
  expect(code(text)).toBe(expected);
});

test("a fence is longer than any in it", () => {
  expect(fenced("````", "json")).toBe("`````json\n````\n`````");
});

test("a bar in a cell does not end it", () => {
  expect(table(["a|b"], [["c"]])).toBe("| a\\|b |\n| --- |\n| c |");
});
