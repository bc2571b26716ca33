/** The orders that a text may give to offline agents, as in `[[sleep:500]]` or `[[coder:fail:1]]`. */
export const directiveKinds = [
  "sleep",
  "fail",
  "ask",
  "bytes",
  "tests",
  "confidence",
  "conflict",
] as const;

const start = `\\[\\[\\s*(?:[\\w-]{1,40}\\s*:\\s*)?(?:${directiveKinds.join("|")})`;
const closed = new RegExp(`${start}\\s*(?::[^\\[\\]]*)?\\]{1,2}`, "gi");
const unclosed = new RegExp(`${start}\\s*:\\s*[^\\s\\[\\]]*`, "gi");
/** Levels of directives within directives. */
const maxLevels = 50;

/**
 * Removes directives from a text that people read, also malformed ones, those in upper case and those within others. Other double
 * brackets stay; a text without directives comes back as it is.
 */
export const withoutDirectives = (text: string): string => {
  if (!text.includes("[[")) return text;
  let left = text;
  for (let level = 0; level < maxLevels; level += 1) {
    const next = left.replace(closed, " ");
    if (next === left) break;
    left = next;
  }
  left = left.replace(unclosed, " ");
  return left === text
    ? text
    : left
        .replace(/[ \t]{2,}/g, " ")
        .replace(/ ([.,;:!?])/g, "$1")
        .trim();
};
