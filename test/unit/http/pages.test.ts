import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { html } from "../../../lib/http/pages/html.ts";
import { renderPage } from "../../../lib/http/pages/render-page.ts";
import { fill } from "../../../lib/http/pages/template.ts";
import { pages } from "../../../lib/http/pages.ts";
import { routes } from "../../../lib/http/routes.ts";

test("each folder of web is a page, and the other way round", () => {
  const folders = readdirSync("web", { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(folders.sort()).toEqual(pages.map(({ folder }) => folder).sort());
  expect(new Set(pages.map(({ path }) => path)).size).toBe(pages.length);
});

describe.each(pages.map((page) => [page.path, page] as const))("%s", (_, page) => {
  const index = readFileSync(`web/${page.folder}/index.html`, "utf8");
  const { body, headers } = renderPage(page, { routes, version: "1.2.3", scheme: null });

  test("has every style and script of its files in it, known by its hash", () => {
    const linked = [...index.matchAll(/<link rel="stylesheet"|<script /g)].length;
    const policy = headers["content-security-policy"];
    expect([...policy.matchAll(/'sha256-[\w+/]{43}='/g)].length).toBe(linked);
    expect(body).not.toMatch(/<link rel="stylesheet"|<script[^>]* src=|@import/);
    expect(policy).toMatch(/^default-src 'none'; .*base-uri 'none'; form-action 'none'/);
  });

  test("has no place left empty", () => {
    expect(body).not.toMatch(/\{\{ \w+ \}\}/);
    expect(body).toMatch(/^<!doctype html>[\s\S]+<\/html>\n$/);
  });
});

describe("a template", () => {
  const template = {
    html: "<h1>{{ name }}</h1>{{ list }}<title>{{ name }}</title>",
    hashes: { style: [], script: [] },
  };

  test("gets text escaped and HTML as it is, in every place of its name", () => {
    const list = [html`<b>1</b>`, html`<b>2</b>`];
    expect(fill(template, { name: "<A> $& {{ list }}", list })).toBe(
      "<h1>&lt;A&gt; $&amp; {{ list }}</h1><b>1</b><b>2</b><title>&lt;A&gt; $&amp; {{ list }}</title>",
    );
  });

  test.each([
    [{ name: "A" }, "The page has a place for list, and no value."],
    [{ name: "A", list: "", more: "", other: "" }, "The page has no place for more, other."],
  ])("with %j is a mistake", (values, message) => {
    expect(() => fill(template, values)).toThrow(message);
  });
});
