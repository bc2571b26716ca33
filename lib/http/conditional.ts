import { Problem } from "../domain/problem.ts";

/** Writes a tag as an ETag. */
export const etagOf = (tag: string): string => `"${tag}"`;

const partsOf = (header: string) => header.split(",").map((part) => part.trim());
const isAny = (header: string) => header.trim() === "*";

/**
 * Makes a check of If-Match against the tag of the state that is about to be changed.
 *
 * @throws Problem, from the check: `precondition-failed` when If-Match names another state
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.if-match
 */
export const matchOf =
  (header: string | undefined) =>
  (tag: string): void => {
    if (header === undefined || isAny(header) || partsOf(header).includes(etagOf(tag))) return;
    throw new Problem("precondition-failed", "The resource is not in the state If-Match names.");
  };

/**
 * Whether If-None-Match names the state that would be answered. A weak tag counts as the strong one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.if-none-match
 */
export const isKnown = (header: string | undefined, tag: string): boolean =>
  header !== undefined &&
  (isAny(header) || partsOf(header).some((part) => part.replace(/^W\//, "") === etagOf(tag)));
