import type { RunTests } from "../../lib/agents/offline/test-run.ts";
import { isLocalStack } from "../../lib/settings/config.ts";

const runTests: RunTests = async (files, signal) => {
  const runner = await import("../../lib/adapters/test-runner/run-tests.ts");
  return runner.runTests(files, signal);
};

/** Gives what runs the tests of an offline project: on the local stack only, nothing elsewhere. */
export const localTestRunner = (): RunTests | undefined => (isLocalStack() ? runTests : undefined);
