import { type Body, type RewriteBody, without } from "./sent-body.ts";
import { type OpenModels, sdkSettings, type Wire } from "./wire.ts";

/** The least that Anthropic takes for `budget_tokens`. https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking */
const minThinkingTokens = 1_024;

/** Keeps thinking within the limit of the answer: the SDK adds its budget to the limit, and money is reserved for the limit only. */
const limitThinking: RewriteBody = (body, { maxOutputTokens }) => {
  const limited = { ...body, max_tokens: maxOutputTokens };
  const { budget_tokens, ...thinking } = Object(body.thinking) as Body;
  if (typeof budget_tokens !== "number") return limited;
  const budget = Math.min(budget_tokens, Math.floor(maxOutputTokens / 2));
  if (budget < minThinkingTokens) return without(limited, ["thinking"]);
  return { ...limited, thinking: { ...thinking, budget_tokens: budget } };
};

/** Anthropic's Messages API. https://docs.anthropic.com/en/api/messages */
export const anthropic: Wire = {
  probe: {
    path: "/models",
    headers: (key) => ({ "x-api-key": key, "anthropic-version": "2023-06-01" }),
    keyRefused: [401, 403],
  },
  // https://docs.anthropic.com/en/api/errors
  refusals: [
    { kind: "quota_exhausted", status: [400], says: /credit balance|specified api usage limits/i },
    { kind: "key_refused", status: [400, 403], says: /organization has been disabled/i },
  ],
  schemaInPrompt: false,
  options: {},
  family: "anthropic",
  rewrite: limitThinking,
  needsKey: true,
  regionUrl: null,
};

export const openAnthropic: OpenModels = async (endpoint, fetch) => {
  const { createAnthropic } = await import("@ai-sdk/anthropic");
  return createAnthropic(sdkSettings(endpoint, fetch));
};
