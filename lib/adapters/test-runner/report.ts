import { isObject } from "../../domain/json.ts";
import { mark } from "./runner-files.ts";

type ReportedCase = { name: string; passed: boolean; message: string };

const caseOf = (line: string): ReportedCase[] => {
  const value: unknown = JSON.parse(line);
  if (!isObject(value)) return [];
  const { name, passed, message } = value;
  return [{ name: String(name), passed: passed === true, message: String(message ?? "") }];
};

/** Reads the cases from what the reporter printed. Gives null when it did not come to its end, or there was no case. */
export const casesOf = (output: string): ReportedCase[] | null => {
  const lines = output
    .split("\n")
    .filter((line) => line.startsWith(mark))
    .map((line) => line.slice(mark.length));
  if (lines.at(-1) !== "end" || lines.length < 2) return null;
  return lines.slice(0, -1).flatMap(caseOf);
};
