import { expect, test } from "vitest";
import { ask, ways } from "./clients.ts";
import { startProviders } from "./server.ts";

test.each(ways)("$provider, $mode: the client hangs up, and the server sees it", async (way) => {
  for (const hang of [true, "mid"] as const) {
    const stop = new AbortController();
    await using providers = await startProviders(() => {
      setTimeout(() => stop.abort(new DOMException("Stopped.", "AbortError")), 20);
      return { text: "The answer is yes.", hang };
    });
    const { error, by } = await ask({ ...way, env: providers.env, signal: stop.signal });
    expect(by).toBe(way.mode === "streaming" ? "abort" : "throw");
    expect(String(error)).toContain("AbortError: Stopped.");
    expect(await providers.calls[0]?.aborted).toBe(true);
  }
});

test("a connection that the server destroys is no hang-up", async () => {
  await using providers = await startProviders((_call, index) =>
    index === 0 ? { reset: true } : { text: "Yes, it is.", truncate: "mid" },
  );
  const { env, calls } = providers;
  for (const mode of ["whole", "streaming"] as const) await ask({ provider: "openai", mode, env });
  expect(await Promise.all(calls.map(({ aborted }) => aborted))).toEqual([false, false]);
});

test("pieces come one after the other", async () => {
  await using providers = await startProviders(() => ({
    text: "abc",
    delay_ms: 10,
    chunk_ms: 10,
  }));
  const started = performance.now();
  const { deltas } = await ask({ provider: "anthropic", mode: "streaming", env: providers.env });
  expect(deltas).toEqual(["a", "b", "c"]);
  expect(performance.now() - started).toBeGreaterThan(50);
});
