import type { SecurityScheme } from "./openapi/security.ts";
import type { Values } from "./pages/template.ts";
import type { Route } from "./route.ts";

/** What a page may tell of: the operations, the version, and how callers show who they are (null: they need not). */
export type DescribedApi = {
  routes: readonly Route[];
  version: string;
  scheme: SecurityScheme | null;
};

/** One page for browsers as data: the function `docs` and the test of serverless.yml read it. */
export type WebPage = {
  path: `/${string}`;
  /** The folder of `web` that holds its index.html, styles and scripts. */
  folder: string;
  /** What comes in the places of its index.html. */
  values: (api: DescribedApi) => Values;
  /** Directives of its Content-Security-Policy for what it loads beside its own styles and scripts, as `connect-src`. */
  loads: Record<`${string}-src`, string>;
};
