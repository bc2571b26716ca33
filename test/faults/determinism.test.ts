import { afterEach, expect, test, vi } from "vitest";
import { casesOf } from "./sets/cases.ts";
import { runSeed } from "./sets/seeds.ts";
import { runNames, runWithFaults } from "./sets/single-faults.ts";

const traceOf = async (run: (trace: (line: string) => void) => Promise<unknown>) => {
  const lines: string[] = [];
  await run((line) => lines.push(line));
  return lines;
};

test.each([1, 2, 3, 4, 5])("seed %i gives the same run each time", async (seed) => {
  const first = await traceOf((trace) => runSeed(seed, trace));
  expect(first.length).toBeGreaterThan(20);
  expect(await traceOf((trace) => runSeed(seed, trace))).toEqual(first);
});

test("other seeds give other runs", async () => {
  const [first, second] = [
    await traceOf((t) => runSeed(1, t)),
    await traceOf((t) => runSeed(2, t)),
  ];
  expect(first).not.toEqual(second);
});

test("a fault strikes the call that it is planned for", async () => {
  const lines = await traceOf((trace) =>
    runWithFaults("full", [{ n: 40, fault: "kill before" }], trace),
  );
  const struck = lines.filter((line) => line.includes("!!"));
  expect(struck).toEqual([expect.stringMatching(/ #40 .* !! kill before$/)]);
});

afterEach(() => vi.unstubAllEnvs());

test.each(["seeds", ...runNames] as const)(
  "%s: past the SDK and through it a run is the same",
  async (set) => {
    for (const { again, run } of (await casesOf(set, { width: "test" })).slice(0, 2)) {
      const [whole, short] = [[], []] as [string[], string[]];
      vi.stubEnv("FAULTS_SDK", "whole");
      await run((line) => whole.push(line));
      vi.stubEnv("FAULTS_SDK", "short");
      await run((line) => short.push(line));
      expect(short, again).toEqual(whole);
    }
  },
);
