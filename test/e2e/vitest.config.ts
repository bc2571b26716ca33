import { defineConfig } from "vitest/config";
import { timeouts } from "../support/limits.ts";

/** One stack for all files, and every test has a project of its own: all may run at once. */
// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
  test: {
    name: "e2e",
    include: ["*.test.ts"],
    globalSetup: "./stack.ts",
    sequence: { concurrent: true, groupOrder: 1 },
    maxConcurrency: 12,
    maxWorkers: 2,
    isolate: false,
    ...timeouts,
  },
});
