import { APICallError } from "ai";
import { describe, expect, test } from "vitest";
import { ask, ways } from "./clients.ts";
import { startProviders } from "./server.ts";
import type { Provider, Reply } from "./wire.ts";

const text = "The answer is yes.";

const askOne = async (provider: Provider, mode: "streaming" | "whole", reply: Reply) => {
  await using providers = await startProviders(() => reply);
  return await ask({ provider, mode, env: providers.env });
};

const fields = (error: unknown) => {
  const { statusCode, isRetryable, message } = error as APICallError;
  return { isCall: APICallError.isInstance(error), statusCode, isRetryable, message };
};

describe.each(ways)("$provider, $mode", ({ provider, mode }) => {
  const isStream = mode === "streaming";

  test.each([
    { status: 429, isRetryable: true },
    { status: 500, isRetryable: true },
    { status: 503, isRetryable: true },
    { status: 400, isRetryable: false },
    { status: 404, isRetryable: false },
  ])("status $status, with the provider's message", async ({ status, isRetryable }) => {
    const error = { message: "Something is wrong." };
    const headers = { "retry-after": "7" };
    const outcome = await askOne(provider, mode, { status, error, headers });
    expect(outcome.by).toBe(isStream ? "part" : "throw");
    expect(fields(outcome.error)).toEqual({
      isCall: true,
      statusCode: status,
      isRetryable,
      message: "Something is wrong.",
    });
    expect((outcome.error as APICallError).responseHeaders).toMatchObject(headers);
  });

  test("a wrong key", async () => {
    await using providers = await startProviders(() => ({ text }));
    const env = Object.fromEntries(
      Object.entries(providers.env).map(([name, value]) => [
        name,
        /KEY|TOKEN/.test(name) ? "wrong" : value,
      ]),
    ) as typeof providers.env;
    const outcome = await ask({ provider, mode, env });
    const status = provider === "google" ? 400 : provider === "bedrock" ? 403 : 401;
    expect(fields(outcome.error)).toMatchObject({ statusCode: status, isRetryable: false });
    expect(providers.calls).toEqual([]);
  });

  test("a connection that is reset", async () => {
    const outcome = await askOne(provider, mode, { reset: true });
    expect(outcome.by).toBe(isStream ? "part" : "throw");
    expect(fields(outcome.error)).toMatchObject({ isCall: true, isRetryable: true });
  });

  test("an answer that breaks off half-way", async () => {
    const outcome = await askOne(provider, mode, { text, truncate: "mid" });
    expect(outcome.by).toBe("throw");
    if (isStream) expect(text.startsWith(outcome.deltas?.join("") || "?")).toBe(true);
    expect(fields(outcome.error)).toMatchObject(
      provider === "bedrock" && isStream
        ? { isCall: false, message: "terminated" }
        : { isCall: true, isRetryable: true },
    );
  });
});

const providers = [...new Set(ways.map(({ provider }) => provider))];

describe.each(providers)("%s, streaming", (provider) => {
  test("a stream that ends without its end", async () => {
    const outcome = await askOne(provider, "streaming", { text, truncate: "no_end" });
    expect(outcome).toMatchObject({
      text,
      finish: provider === "bedrock" ? "other" : "interrupted",
      usage: provider === "google" ? { output: 0 } : { input: undefined, output: undefined },
    });
    expect(outcome.error).toBeUndefined();
  });

  test("a broken frame in the middle", async () => {
    const outcome = await askOne(provider, "streaming", { text, malformed: true });
    const name = (outcome.error as Error).name;
    if (provider === "bedrock") {
      expect(outcome).toMatchObject({ by: "throw", error: { message: /checksum/ } });
      return;
    }
    expect({ name, by: outcome.by }).toEqual({ name: "AI_JSONParseError", by: "part" });
    expect(outcome.text).not.toBe(text);
    expect(outcome.finish).toBe(provider === "openai" ? "error" : "stop");
  });

  test("an error after some text", async () => {
    const error = { message: "It is overloaded." };
    const outcome = await askOne(provider, "streaming", { text, error });
    expect(outcome).toMatchObject({ by: "part", text, finish: "error" });
    expect(outcome.error).toMatchObject({
      name: "AI_StreamProviderError",
      message: "It is overloaded.",
      statusCode: 500,
      isRetryable: true,
    });
  });
});

describe.each(providers)("%s, whole", (provider) => {
  test.each<Reply>([
    { text, malformed: true },
    { text, truncate: "no_end" },
  ])("an answer that is no JSON: %o", async (reply) => {
    const { error } = await askOne(provider, "whole", reply);
    expect(fields(error)).toEqual({
      isCall: true,
      statusCode: 200,
      isRetryable: false,
      message: "Invalid JSON response",
    });
  });
});
