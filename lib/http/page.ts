import type { SecurityScheme } from "./openapi/security.ts";
import type { Values } from "./pages/template.ts";
import type { Route } from "./route.ts";

/** The input of a page: the operations, the version, and how callers authenticate (null: they do not). */
export type DescribedApi = {
  routes: readonly Route[];
  version: string;
  scheme: SecurityScheme | null;
};

/** A page for browsers, as data. The function `docs` and the test of serverless.yml read it. */
export type WebPage = {
  path: `/${string}`;
  /** The folder in `web` with its index.html, styles and scripts. */
  folder: string;
  /** Gives the values for the places of its index.html. */
  values: (api: DescribedApi) => Values;
  /** Directives of its Content-Security-Policy for other things that it loads, such as `connect-src`. */
  loads: Record<`${string}-src`, string>;
};
