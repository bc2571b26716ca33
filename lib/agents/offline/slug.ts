const letters = [
  [/ß/g, "ss"],
  [/æ/g, "ae"],
  [/ø/g, "o"],
  [/ł/g, "l"],
] as const;

/** ASCII words joined by hyphens, for paths; empty when the text has none (Chinese, say). */
export const slug = (text: string, maxWords = 4): string =>
  letters
    .reduce((result, [letter, plain]) => result.replace(letter, plain), text.toLowerCase())
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/['’]/g, "")
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .slice(0, maxWords)
    .join("-")
    .slice(0, 40)
    .replace(/-+$/, "");

/** "post-recipes" → "postRecipes" */
export const camel = (slugged: string): string =>
  slugged.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
