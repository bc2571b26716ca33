import { expect, test } from "vitest";
import { retryTransient } from "../../../lib/services/retry-transient.ts";
import { now } from "../../support/builders.ts";

const throttled = new Error("Throttled");

/** Work that fails so often before it is done; time passes while it is waited. */
const working = (failures: number, error: Error = throttled) => {
  let ms = Date.parse(now);
  const slept: number[] = [];
  let tries = 0;
  const deps = {
    isTransient: (thrown: unknown) => thrown === throttled,
    now: () => new Date(ms),
    random: () => 1,
    sleep: async (wait: number) => {
      slept.push(wait);
      ms += wait;
    },
    patienceMs: 10_000,
  };
  const work = async () => {
    tries += 1;
    if (tries <= failures) throw error;
    return "done";
  };
  return { run: () => retryTransient(deps, work), slept, tries: () => tries };
};

test("work with a transient error is retried, after longer and longer waits", async () => {
  const { run, slept } = working(8);
  expect(await run()).toBe("done");
  expect(slept).toEqual([50, 100, 200, 400, 800, 1_600, 2_000, 2_000]);
});

test("retries end with the last error when the time is over", async () => {
  const { run, tries } = working(99);
  await expect(run()).rejects.toBe(throttled);
  expect(tries()).toBeLessThan(15);
});

test("an error that is not transient is thrown at once", async () => {
  const { run, tries } = working(99, new Error("no such table"));
  await expect(run()).rejects.toThrow("no such table");
  expect(tries()).toBe(1);
});
