import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import type { Template } from "./template.ts";

const web = fileURLToPath(new URL("../../../web", import.meta.url));

const hashOf = (text: string) => createHash("sha256").update(text).digest("base64");

/** Builds a style or script with all its imports into one minified text. */
const build = (file: string): string => {
  const { outputFiles } = buildSync({
    entryPoints: [file],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    write: false,
    logLevel: "silent",
  });
  return outputFiles.map(({ text }) => text.trimEnd()).join("");
};

const styleLink = /<link rel="stylesheet" href="([\w-]+\.css)">/g;
const scriptLink = /<script type="module" src="([\w-]+\.ts)"><\/script>/g;

/**
 * Reads a page from its folder in `web`, and replaces the links of index.html by the styles and scripts themselves. A bundle has
 * the pages as data in place of this module (see deploy/inline-pages.ts), so that no function reads files or runs esbuild.
 *
 * @throws Error when the folder does not exist, or esbuild cannot build a linked file
 */
export const loadPage = (folder: string): Template => {
  const hashes: Record<"style" | "script", string[]> = { style: [], script: [] };
  const inline = (tag: "style" | "script", file: string, open: string) => {
    const text = build(join(web, folder, file));
    hashes[tag].push(hashOf(text));
    return `<${open}>${text}</${tag}>`;
  };
  const html = readFileSync(join(web, folder, "index.html"), "utf8")
    .replace(styleLink, (_, file: string) => inline("style", file, "style"))
    .replace(scriptLink, (_, file: string) => inline("script", file, `script type="module"`));
  return { html, hashes };
};
