import { isUnauthorized, type OpenModels, sdkSettings, type Wire } from "./wire.ts";

/** Anthropic's Messages API. https://docs.anthropic.com/en/api/messages */
export const anthropic: Wire = {
  probe: {
    path: "/models",
    headers: (key) => ({ "x-api-key": key, "anthropic-version": "2023-06-01" }),
    keyRefused: [401, 403],
  },
  isKeyRefused: isUnauthorized,
  schemaInPrompt: false,
  options: {},
  needsKey: true,
  regionUrl: null,
};

export const openAnthropic: OpenModels = async (endpoint, fetch) => {
  const { createAnthropic } = await import("@ai-sdk/anthropic");
  return createAnthropic(sdkSettings(endpoint, fetch));
};
