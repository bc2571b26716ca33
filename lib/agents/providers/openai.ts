import { bearer, type OpenModels, sdkSettings, type Wire } from "./wire.ts";

/** OpenAI's Responses API. https://platform.openai.com/docs/api-reference/responses */
export const openai: Wire = {
  probe: { path: "/models", headers: bearer, keyRefused: [401, 403] },
  refusals: [],
  schemaInPrompt: false,
  // The provider stores nothing, and does not require its stricter dialect of JSON Schema.
  options: { openai: { store: false, strictJsonSchema: false } },
  needsKey: true,
  regionUrl: null,
};

export const openOpenai: OpenModels = async (endpoint, fetch) => {
  const { createOpenAI } = await import("@ai-sdk/openai");
  const { responses } = createOpenAI(sdkSettings(endpoint, fetch));
  return (model) => responses(model);
};
