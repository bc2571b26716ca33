import { type Html, write } from "./html.ts";

/** A page that is read from `web`. `{{ name }}` marks the place of a value. */
export type Template = {
  html: string;
  /** SHA-256 hashes of its styles and scripts in base64, for the Content-Security-Policy. */
  hashes: Record<"style" | "script", readonly string[]>;
};

/** Values for the places of a template. Text is escaped, HTML is not. */
export type Values = Record<string, Html | readonly Html[] | string>;

/**
 * Puts the values into the places of a template.
 *
 * @throws Error when a place has no value, or a value has no place
 */
export const fill = ({ html }: Template, values: Values): string => {
  const missing = new Set(Object.keys(values));
  const filled = html.replace(/\{\{ (\w+) \}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`The page has a place for ${name}, and no value.`);
    missing.delete(name);
    return write(value);
  });
  if (missing.size > 0) throw new Error(`The page has no place for ${[...missing].join(", ")}.`);
  return filled;
};
