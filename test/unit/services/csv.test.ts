import { expect, test } from "vitest";
import { csvLine } from "../../../lib/services/projects/csv.ts";

test.each([
  { name: "plain cells", cells: ["a", 1, true, null, -2], line: "a,1,true,,-2\r\n" },
  { name: "a comma", cells: ["a,b"], line: '"a,b"\r\n' },
  { name: "quotes", cells: ['a"b'], line: '"a""b"\r\n' },
  { name: "a line break", cells: ["a\nb"], line: '"a\nb"\r\n' },
  { name: "a formula", cells: ["=1+1", "@x", "+1", "-1"], line: "'=1+1,'@x,'+1,'-1\r\n" },
  { name: "a formula with a comma", cells: ["=SUM(A1,A2)"], line: '"\'=SUM(A1,A2)"\r\n' },
])("$name", ({ cells, line }) => {
  expect(csvLine(cells)).toBe(line);
});
