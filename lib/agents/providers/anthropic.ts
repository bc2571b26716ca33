import { type OpenModels, sdkSettings, type Wire } from "./wire.ts";

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
  needsKey: true,
  regionUrl: null,
};

export const openAnthropic: OpenModels = async (endpoint, fetch) => {
  const { createAnthropic } = await import("@ai-sdk/anthropic");
  return createAnthropic(sdkSettings(endpoint, fetch));
};
