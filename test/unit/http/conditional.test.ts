import { expect, test } from "vitest";
import { etagOf, isKnown, matchOf } from "../../../lib/http/conditional.ts";

test.each([
  { header: undefined, known: false, matches: true },
  { header: '"p1"', known: true, matches: true },
  { header: 'W/"p1"', known: true, matches: false },
  { header: "W/*", known: false, matches: false },
  { header: "*, *", known: false, matches: false },
  { header: '"p0", "p1"', known: true, matches: true },
  { header: "*", known: true, matches: true },
  { header: '"p2"', known: false, matches: false },
  { header: '"p11"', known: false, matches: false },
  { header: "p1", known: false, matches: false },
  { header: "", known: false, matches: false },
])("of p1, $header: known $known, matches $matches", ({ header, known, matches }) => {
  expect(isKnown(header, "p1")).toBe(known);
  const check = () => matchOf(header)("p1");
  if (matches) expect(check).not.toThrow();
  else expect(check).toThrow(expect.objectContaining({ code: "precondition-failed" }));
});

test("a tag is quoted", () => {
  expect(etagOf("p1")).toBe('"p1"');
});
