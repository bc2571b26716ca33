import { isUnauthorizedOrBadKey, type OpenModels, sdkSettings, type Wire } from "./wire.ts";

/** Google's Gemini API. https://ai.google.dev/api/generate-content */
export const google: Wire = {
  probe: {
    path: "/models?pageSize=1",
    headers: (key) => ({ "x-goog-api-key": key }),
    keyRefused: [400, 401, 403],
  },
  isKeyRefused: isUnauthorizedOrBadKey,
  schemaInPrompt: false,
  options: {},
  needsKey: true,
  regionUrl: null,
};

export const openGoogle: OpenModels = async (endpoint, fetch) => {
  const { createGoogle } = await import("@ai-sdk/google");
  return createGoogle(sdkSettings(endpoint, fetch));
};
