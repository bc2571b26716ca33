import type { Verdict } from "../sets/check-guard.ts";
import type { Guard } from "../sets/guards/guard.ts";

const [begin, end] = ["<!-- guards:begin -->", "<!-- guards:end -->"];

const head = [
  "| guard | set that catches its absence | runs that go red |",
  "| --- | --- | --- |",
] as const;

const setOf = ({ set, fault }: Guard): string => `${set}${fault ? `: ${fault}` : ""}`;

/** A guard's row, with what came of its set without it. */
export const rowOf = (guard: Guard, { runs, red }: Pick<Verdict, "runs" | "red">): string =>
  `| ${guard.name} | ${setOf(guard)} | ${red} of ${runs} |`;

const aroundTable = (document: string) => {
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The document has no ${begin} and ${end} after it.`);
  return { before: document.slice(0, from + begin.length), from, to, after: document.slice(to) };
};

/**
 * The document with these rows between its two marks.
 *
 * @throws when it has no such marks
 */
export const putTable = (document: string, rows: readonly string[]): string => {
  const { before, after } = aroundTable(document);
  return `${before}\n${[...head, ...rows].join("\n")}\n${after}`;
};

/**
 * Whether the document's table has a row for each guard, in their order, whatever its counts.
 *
 * @throws when it has no marks for a table
 */
export const isInStep = (document: string, guards: readonly Guard[]): boolean => {
  const { before, to } = aroundTable(document);
  const rows = document.slice(before.length, to).trim().split("\n").slice(head.length);
  const starts = guards.map((guard) => `| ${guard.name} | ${setOf(guard)} | `);
  return (
    rows.length === starts.length && rows.every((row, n) => row.startsWith(starts[n] ?? "(none)"))
  );
};
