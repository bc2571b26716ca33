import { Problem } from "../domain/problem.ts";

export const etagOf = (tag: string): string => `"${tag}"`;

const names = (header: string, tag: string): boolean =>
  header
    .split(",")
    .map((part) => part.trim().replace(/^W\//, ""))
    .some((part) => part === "*" || part === etagOf(tag));

/** A check of If-Match against the state that is about to be changed. */
export const matchOf =
  (header: string | undefined) =>
  (tag: string): void => {
    if (header === undefined || names(header, tag)) return;
    throw new Problem("precondition-failed", "The resource is not in the state If-Match names.");
  };

/** Whether the caller already has what would be answered. */
export const isKnown = (header: string | undefined, tag: string): boolean =>
  header !== undefined && names(header, tag);
