import { Problem } from "../domain/problem.ts";

export const etagOf = (tag: string): string => `"${tag}"`;

const partsOf = (header: string) => header.split(",").map((part) => part.trim());
const isAny = (header: string) => header.trim() === "*";

/** A check of If-Match against the state that is about to be changed. */
export const matchOf =
  (header: string | undefined) =>
  (tag: string): void => {
    if (header === undefined || isAny(header) || partsOf(header).includes(etagOf(tag))) return;
    throw new Problem("precondition-failed", "The resource is not in the state If-Match names.");
  };

/** Whether the caller already has what would be answered; here a weak tag is as good as a strong one. */
export const isKnown = (header: string | undefined, tag: string): boolean =>
  header !== undefined &&
  (isAny(header) || partsOf(header).some((part) => part.replace(/^W\//, "") === etagOf(tag)));
