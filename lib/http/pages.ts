import type { WebPage } from "./page.ts";
import { docsPage } from "./pages/docs/docs-page.ts";

/** All pages for browsers. The function `docs` serves them. */
export const pages: readonly WebPage[] = [docsPage];
