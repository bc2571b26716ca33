import { expect, test } from "vitest";
import { Problem, type ProblemCode, problems } from "../../../lib/domain/problem.ts";
import { aProblem } from "../../support/problem.ts";

const codes = Object.keys(problems) as ProblemCode[];

test.each(codes)("the extensions of %s are those of its row", (code) => {
  const row = problems[code];
  const { extensions } = aProblem(code);
  if ("extensions" in row) expect(row.extensions.parse(extensions)).toEqual(extensions);
  else expect(extensions).toEqual({});
});

test("what may have had an effect is never the caller's mistake", () => {
  const unknown = codes.filter((code) => problems[code].effect === "unknown");
  expect(unknown).toEqual(["internal", "in-doubt"]);
  for (const code of unknown) expect(problems[code].status).toBeGreaterThanOrEqual(500);
});

test("a caller is asked to come back only for what may pass", () => {
  for (const code of codes) {
    if (problems[code].callerRetries) expect(problems[code].retryable).toBe(true);
  }
});

test("the type of a problem says which extensions its code takes", () => {
  const all = [
    new Problem("not-found", "No."),
    new Problem("conflict", "No."),
    new Problem("conflict", "No.", { extensions: { current: "paused" } }),
    new Problem("too-large", "No.", { extensions: { max_bytes: 1 } }),
    // @ts-expect-error too-large says how much is allowed
    new Problem("too-large", "No."),
    // @ts-expect-error not-found has nothing to add
    new Problem("not-found", "No.", { extensions: { current: "paused" } }),
    // @ts-expect-error a conflict has no size
    new Problem("conflict", "No.", { extensions: { max_bytes: 1 } }),
    // @ts-expect-error the size is a number
    new Problem("too-large", "No.", { extensions: { max_bytes: "1" } }),
  ];
  expect(all.map(({ message }) => message)).toEqual(all.map(() => "No."));
});
