import type { Values } from "./pages/template.ts";
import type { Route } from "./route.ts";

/** What a page may tell of: the operations and the version. */
export type DescribedApi = { routes: readonly Route[]; version: string };

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
