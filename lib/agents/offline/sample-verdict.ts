import type { Json } from "../../domain/json.ts";

type Content = { [key: string]: Json };

const saying = (value: Json, fails: boolean): Json => {
  if (Array.isArray(value)) return fails ? value : [];
  return typeof value === "boolean" ? fails : Number(fails);
};

const isContent = (item: Json): item is Content =>
  item !== null && typeof item === "object" && !Array.isArray(item);

const withStatus = (item: Json, status: string): Json =>
  isContent(item) ? { ...item, status } : item;

/** Sample results of tests that have failed, or have not, wherever a schema of one's own lets them say so. */
export const withVerdict = (content: Content, fails: boolean): Content => {
  const { cases } = content;
  const counts = ["failed", "failures"].flatMap((name) => {
    const value = content[name];
    return value === undefined ? [] : [[name, saying(value, fails)] as const];
  });
  return {
    ...content,
    ...Object.fromEntries(counts),
    ...(Array.isArray(cases) && {
      cases: cases.map((item) => withStatus(item, fails ? "failed" : "passed")),
    }),
  };
};
