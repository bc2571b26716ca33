import type { DescribedApi, WebPage } from "../page.ts";
import { loadPage } from "./load-page.ts";
import { fill, type Template } from "./template.ts";

const sources = (hashes: readonly string[]) =>
  hashes.length > 0 ? hashes.map((hash) => `'sha256-${hash}'`).join(" ") : "'none'";

/** Makes the Content-Security-Policy: it allows the page's own styles and scripts, by hash, and what its row lists. */
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
 * Makes a page and its response headers.
 *
 * @throws Error when its files cannot be read, a place has no value, or a value has no place
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
