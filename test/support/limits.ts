/**
 * Bounds against hanging, not against slowness: on a busy machine everything takes many times as long.
 * No test states others.
 */
export const limits = {
  /** For one wait, one request: what takes longer never comes. */
  waitMs: 60_000,
  /** For one test, or what is set up before it: some wait more than once. */
  testMs: 180_000,
} as const;

/** How `vi.waitFor` waits; a condition that holds ends the wait at once. */
export const patiently = { timeout: limits.waitMs, interval: 20 } as const;

/** How long a vitest project waits, for both of them. */
export const timeouts = {
  testTimeout: limits.testMs,
  hookTimeout: limits.testMs,
  teardownTimeout: limits.waitMs,
  expect: { poll: patiently },
} as const;
