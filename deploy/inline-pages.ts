import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "esbuild";
import { loadPage } from "../lib/http/pages/load-page.ts";

const foldersOf = (directory: string): string[] =>
  readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

const asModule = (web: string): string => {
  const pages = Object.fromEntries(foldersOf(web).map((folder) => [folder, loadPage(folder)]));
  return `const pages = ${JSON.stringify(pages)}; export const loadPage = (folder) => pages[folder];`;
};

/** Replaces the module that reads the pages of `web` with the pages as data. */
export const inlinePages: Plugin = {
  name: "pages",
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/lib\/http\/pages\/load-page\.ts$/ }, ({ path }) => ({
      contents: asModule(join(dirname(path), "../../../web")),
    }));
  },
};
