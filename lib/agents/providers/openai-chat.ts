import { bearer, isUnauthorizedOrBadKey, type OpenModels, sdkSettings, type Wire } from "./wire.ts";

/** The chat completions that compatible servers have. https://platform.openai.com/docs/api-reference/chat */
export const openaiChat: Wire = {
  probe: { path: "/models", headers: bearer, keyRefused: [401, 403] },
  isKeyRefused: isUnauthorizedOrBadKey,
  schemaInPrompt: true,
  // Nothing is kept at the provider, and OpenAI's stricter dialect of JSON Schema is not asked for.
  options: { openai: { store: false, strictJsonSchema: false } },
  needsKey: true,
  regionUrl: null,
};

export const openOpenaiChat: OpenModels = async (endpoint, fetch) => {
  const { createOpenAI } = await import("@ai-sdk/openai");
  const { chat } = createOpenAI(sdkSettings(endpoint, fetch));
  return (model) => chat(model);
};
