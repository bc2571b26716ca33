import { isObject } from "../domain/json.ts";

const isFailed = (item: unknown) => isObject(item) && /^fail(ed)?$/i.test(String(item.status));

/** How many failures are counted, or listed. */
const countIn = (failures: unknown): number =>
  Array.isArray(failures) ? failures.length : Number(failures) || 0;

/** A tester's verdict: the cases, and how many failed; where that is not said, what is listed as a failure. */
export const testsPassed = (content: unknown): boolean => {
  if (!isObject(content)) return true;
  const { cases, failed, failures } = content;
  return !(Array.isArray(cases) && cases.some(isFailed)) && countIn(failed ?? failures) <= 0;
};
