import { badKey, type OpenModels, sdkSettings, type Wire } from "./wire.ts";

/** Google's Gemini API. https://ai.google.dev/api/generate-content */
export const google: Wire = {
  probe: {
    path: "/models?pageSize=1",
    headers: (key) => ({ "x-goog-api-key": key }),
    keyRefused: [400, 401, 403],
  },
  // https://ai.google.dev/gemini-api/docs/troubleshooting https://ai.google.dev/gemini-api/docs/rate-limits
  refusals: [
    badKey,
    {
      kind: "key_refused",
      codes: [
        "API_KEY_INVALID",
        "API_KEY_SERVICE_BLOCKED",
        "SERVICE_DISABLED",
        "CONSUMER_SUSPENDED",
      ],
    },
    { kind: "quota_exhausted", codes: ["BILLING_DISABLED"] },
    { kind: "quota_exhausted", status: [429], says: /PerDay|per day/i },
    { kind: "quota_exhausted", status: [400], says: /enable billing/i },
    { kind: "forbidden", status: [400], says: /location is not supported/i },
    { kind: "overloaded", codes: ["UNAVAILABLE"] },
  ],
  schemaInPrompt: false,
  options: {},
  family: "google",
  rewrite: null,
  needsKey: true,
  regionUrl: null,
};

export const openGoogle: OpenModels = async (endpoint, fetch) => {
  const { createGoogle } = await import("@ai-sdk/google");
  return createGoogle(sdkSettings(endpoint, fetch));
};
