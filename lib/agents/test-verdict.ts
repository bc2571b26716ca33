import { isObject } from "../domain/json.ts";

const isFailed = (item: unknown) => isObject(item) && /^fail(ed)?$/i.test(String(item.status));

/** Counts failures, which may be a number or a list. */
const countIn = (failures: unknown): number =>
  Array.isArray(failures) ? failures.length : Number(failures) || 0;

/**
 * Reads a tester's verdict: `status` is not "failed", no case failed, and `failed` (or without it, `failures`) is 0 or empty.
 * Tests that were not run have not failed: the work goes on, and the results say "not run" to whoever decides at the gate.
 */
export const testsPassed = (content: unknown): boolean => {
  if (!isObject(content)) return true;
  if (isFailed(content)) return false;
  const { cases, failed, failures } = content;
  return !(Array.isArray(cases) && cases.some(isFailed)) && countIn(failed ?? failures) <= 0;
};
