import type { WebPage } from "./page.ts";
import { docsPage } from "./pages/docs/docs-page.ts";

/** All pages for browsers, served by the function `docs`. */
export const pages: readonly WebPage[] = [docsPage];
