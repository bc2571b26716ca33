const letters = [
  [/ß/g, "ss"],
  [/æ/g, "ae"],
  [/ø/g, "o"],
  [/ł/g, "l"],
] as const;

/** Joins the ASCII words of a text with hyphens, for paths; empty when there are none (as in Chinese). */
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

/** Makes "postRecipes" of "post-recipes". */
export const camel = (slugged: string): string =>
  slugged.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
