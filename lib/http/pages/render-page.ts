import type { DescribedApi, WebPage } from "../page.ts";
import { loadPage } from "./load-page.ts";
import { fill, type Template } from "./template.ts";

const sources = (hashes: readonly string[]) =>
  hashes.length > 0 ? hashes.map((hash) => `'sha256-${hash}'`).join(" ") : "'none'";

/** The page runs its own styles and scripts, known by their hashes, and loads what its row says. */
const policyOf = ({ hashes }: Template, { loads }: WebPage): string =>
  [
    "default-src 'none'",
    `style-src ${sources(hashes.style)}`,
    `script-src ${sources(hashes.script)}`,
    ...Object.entries(loads).map(([directive, from]) => `${directive} ${from}`),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

/**
 * A page with the headers that it is served with.
 *
 * @throws Error when its files cannot be read, or their places and its values differ
 */
export const renderPage = (page: WebPage, api: DescribedApi) => {
  const template = loadPage(page.folder);
  return {
    body: fill(template, page.values(api)),
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policyOf(template, page),
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    },
  };
};
