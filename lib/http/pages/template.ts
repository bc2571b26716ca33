import { type Html, write } from "./html.ts";

/** A page as its files in `web` make it: `{{ name }}` stands where a value is to come. */
export type Template = {
  html: string;
  /** Of the styles and scripts in it, SHA-256 in base64, as a Content-Security-Policy names them. */
  hashes: Record<"style" | "script", readonly string[]>;
};

/** What comes in the places of a template: HTML as it is, text escaped. */
export type Values = Record<string, Html | readonly Html[] | string>;

/** @throws Error when a place has no value, or a value no place */
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
