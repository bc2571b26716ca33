/** A text that is HTML. */
export type Html = { readonly html: string };

type Value = Html | string | number | readonly Html[] | undefined | false;

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escapeText = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

const isList = (value: Value): value is readonly Html[] => Array.isArray(value);

/** Writes a value as HTML. Text is escaped. */
export const write = (value: Value): string => {
  if (value === undefined || value === false) return "";
  if (isList(value)) return value.map(({ html }) => html).join("");
  return typeof value === "object" ? value.html : escapeText(String(value));
};

/** Template tag: escapes the values, except those that are HTML. */
export const html = (parts: TemplateStringsArray, ...values: Value[]): Html => ({
  html: parts.reduce((text, part, n) => text + write(values[n - 1]) + part),
});

/** Marks a text as HTML, without a check. */
export const trusted = (text: string): Html => ({ html: text });

/** Writes prose as HTML, with `code` in it. */
export const prose = (text: string): Html =>
  trusted(escapeText(text).replace(/`([^`]+)`/g, "<code>$1</code>"));

/** Writes prose as paragraphs, which blank lines separate. */
export const paragraphs = (text: string): readonly Html[] =>
  text.split("\n\n").map((part) => html`<p>${prose(part)}</p>`);

/** Writes `listPendingHitlRequests` as "List pending HITL requests". */
export const title = (name: string): string => {
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
  return (words.charAt(0).toUpperCase() + words.slice(1)).replace(/\bhitl\b/i, "HITL");
};

/** Joins the words by which the search finds something. */
export const findable = (...words: string[]): string => words.join(" ").toLowerCase();
