import { badKey, bearer, type OpenModels, sdkSettings, type Wire } from "./wire.ts";

/** OpenAI's Chat Completions API, which compatible servers speak. https://platform.openai.com/docs/api-reference/chat */
export const openaiChat: Wire = {
  probe: { path: "/models", headers: bearer, keyRefused: [401, 403] },
  refusals: [badKey],
  schemaInPrompt: true,
  // The provider stores nothing, and does not require its stricter dialect of JSON Schema.
  options: { openai: { store: false, strictJsonSchema: false } },
  needsKey: true,
  regionUrl: null,
};

export const openOpenaiChat: OpenModels = async (endpoint, fetch) => {
  const { createOpenAI } = await import("@ai-sdk/openai");
  const { chat } = createOpenAI(sdkSettings(endpoint, fetch));
  return (model) => chat(model);
};
