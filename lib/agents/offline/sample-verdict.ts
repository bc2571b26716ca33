import { isObject, type Json } from "../../domain/json.ts";

const failureCount = (value: Json, fails: boolean): Json => {
  if (Array.isArray(value)) return fails ? value : [];
  return typeof value === "boolean" ? fails : Number(fails);
};

const verdictValue = (name: string, value: Json, fails: boolean): Json => {
  if (name === "failed" || name === "failures") return failureCount(value, fails);
  const status = fails ? "failed" : "not_run";
  if (name === "status" && typeof value === "string") return status;
  if (name !== "cases" || !Array.isArray(value)) return value;
  return value.map((item) => (isObject(item) ? { ...item, status } : item));
};

/**
 * Sets the fields `status`, `failed`, `failures` and `cases` of sample content, where it has them: to a failure that a directive
 * orders, otherwise to "not run", as nothing was.
 */
export const withVerdict = (content: { [key: string]: Json }, fails: boolean) =>
  Object.fromEntries(
    Object.entries(content).map(([name, value]) => [name, verdictValue(name, value, fails)]),
  );
