import { expect, test } from "vitest";
import { casesOf } from "./sets/cases.ts";
import { pointsIn, runNames } from "./sets/single-faults.ts";

const optionsOf = async (...given: Parameters<typeof casesOf>) =>
  new Set((await casesOf(...given)).map(({ again }) => again));

test.each(runNames)("%s: a wider set has all runs of a narrower one", async (name) => {
  const [narrow, middle, whole] = await Promise.all([
    optionsOf(name, { width: "test" }),
    optionsOf(name, { width: "ci" }),
    optionsOf(name, { width: "night" }),
  ]);
  expect([...middle]).toEqual(expect.arrayContaining([...narrow]));
  expect([...whole]).toEqual(expect.arrayContaining([...middle]));
});

test.each(runNames)("%s: npm test has every fault that can happen in it", async (name) => {
  for (const fault of new Set((await pointsIn(name)).map((point) => point.fault)))
    expect((await casesOf(name, { width: "test", fault })).length, fault).toBeGreaterThan(0);
});
