import type { Plugin } from "esbuild";

/** Keeps only the English error messages of zod. The AI SDK imports all of zod, with messages in fifty languages. */
export const oneLanguage: Plugin = {
  name: "one language",
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: `export { default as en } from "./en.js";`,
    }));
  },
};
