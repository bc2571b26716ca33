import type { Plugin } from "esbuild";

/**
 * The AI SDK takes zod as a whole, and with it the messages of its errors in fifty languages: nobody reads them here
 * but in English.
 */
export const oneLanguage: Plugin = {
  name: "one language",
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: `export { default as en } from "./en.js";`,
    }));
  },
};
