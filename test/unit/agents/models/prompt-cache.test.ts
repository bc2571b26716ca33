import { expect, test } from "vitest";
import {
  markForCache,
  promptMessage,
  withSystemInMessage,
} from "../../../../lib/agents/models/prompt-cache.ts";

const prompt = promptMessage(["Shared.", "Own."]);
const later = [{ role: "assistant" as const, content: "So far." }];
const providerOptions = {
  anthropic: { cacheControl: { type: "ephemeral" } },
  bedrock: { cachePoint: { type: "default" } },
};

test.each([
  { cache_control: "none" as const, hasTools: true },
  { cache_control: "automatic" as const, hasTools: true },
  { cache_control: "explicit" as const, hasTools: false },
])(
  "$cache_control, tools: $hasTools: one text a message, and no mark",
  ({ cache_control, hasTools }) => {
    expect(
      markForCache(cache_control, { system: "Be.", messages: [prompt, ...later], hasTools }),
    ).toEqual({
      instructions: "Be.",
      messages: [{ role: "user", content: "Shared.\n\nOwn." }, ...later],
    });
  },
);

test("marks stand after the system prompt, after what tasks share, and at the end", () => {
  const parts = { system: "Be.", messages: [prompt, ...later], hasTools: true };
  expect(markForCache("explicit", parts)).toEqual({
    instructions: { role: "system", content: "Be.", providerOptions },
    messages: [
      { role: "user", content: "Shared.", providerOptions },
      { role: "user", content: "Own." },
      { role: "assistant", content: "So far.", providerOptions },
    ],
  });
});

test("a model without the role system reads the system prompt at the head of the first message", () => {
  expect(withSystemInMessage("Be.", [prompt, ...later])).toEqual({
    messages: [{ role: "user", content: "Be.\n\nShared.\n\nOwn." }, ...later],
  });
});
