import { expect, test } from "vitest";
import { type Case, casesOf } from "./sets/cases.ts";
import type { SetName } from "./sets/guards/guard.ts";

const shards = 2;
const perTest = 60;

const chunksOf = (cases: readonly Case[]): Case[][] =>
  Array.from({ length: Math.ceil(cases.length / perTest) }, (_, index) =>
    cases.slice(index * perTest, (index + 1) * perTest),
  );

/** A run's problems, and the command that runs it again. */
const expectNoProblems = async ({ again, run }: Case) => {
  const { problems } = await run();
  expect(problems, `npm run test:faults -- ${again} --trace`).toEqual([]);
};

/** Every second run of a set, as tests of some runs each: two files share the work of two cores. */
export const testShard = async (set: SetName, shard: 0 | 1): Promise<void> => {
  const cases = (await casesOf(set, { width: "test" })).filter(
    (_, index) => index % shards === shard,
  );
  test.each(chunksOf(cases).map((chunk, index) => ({ index, chunk })))(
    `${set}, part $index: all that was promised holds`,
    async ({ chunk }) => {
      for (const one of chunk) await expectNoProblems(one);
    },
  );
};
