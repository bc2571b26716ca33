type Node = { [key: string]: unknown };

const isNode = (value: unknown): value is Node =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const isFailed = (item: unknown) => isNode(item) && /^fail(ed)?$/i.test(String(item.status));

/** How many failures are counted, or listed. */
const countIn = (failures: unknown): number =>
  Array.isArray(failures) ? failures.length : Number(failures) || 0;

/** A tester's verdict: the cases, and how many failed; where that is not said, what is listed as a failure. */
export const testsPassed = (content: unknown): boolean => {
  if (!isNode(content)) return true;
  const { cases, failed, failures } = content;
  return !(Array.isArray(cases) && cases.some(isFailed)) && countIn(failed ?? failures) <= 0;
};
