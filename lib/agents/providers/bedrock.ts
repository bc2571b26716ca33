import type { OpenModels, Wire } from "./wire.ts";

/** Amazon Bedrock's Converse API. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
export const bedrock: Wire = {
  // The endpoint has no list of models, and the probe is sent without a key: any response shows that it is reachable.
  probe: { path: "/", headers: () => ({}), keyRefused: [] },
  // https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors
  refusals: [
    {
      kind: "key_refused",
      codes: [
        "UnrecognizedClientException",
        "InvalidSignatureException",
        "ExpiredTokenException",
        "MissingAuthenticationTokenException",
        "IncompleteSignatureException",
        "InvalidClientTokenId",
      ],
    },
    { kind: "quota_exhausted", codes: ["ServiceQuotaExceededException"] },
    { kind: "quota_exhausted", codes: ["ThrottlingException"], says: /per day/i },
    { kind: "rate_limited", codes: ["ThrottlingException"] },
    { kind: "overloaded", codes: ["ModelNotReadyException", "ServiceUnavailableException"] },
    { kind: "provider_timeout", codes: ["ModelTimeoutException"] },
    {
      kind: "provider_error",
      codes: ["ModelErrorException", "ModelStreamErrorException", "InternalServerException"],
    },
    { kind: "unknown_model", codes: ["ResourceNotFoundException"] },
    {
      kind: "unknown_model",
      codes: ["ValidationException"],
      says: /model identifier is invalid|on-demand throughput/i,
    },
    { kind: "too_long", codes: ["ValidationException"], says: /too long|too many .{0,10}tokens/i },
  ],
  schemaInPrompt: false,
  options: {},
  family: "bedrock",
  rewrite: null,
  needsKey: false,
  // https://docs.aws.amazon.com/general/latest/gr/bedrock.html
  regionUrl: (region) =>
    `https://bedrock-runtime.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`,
};

export const openBedrock: OpenModels = async (endpoint, fetch) => {
  const { createAmazonBedrock } = await import("@ai-sdk/amazon-bedrock");
  const { base_url: baseURL, api_key, region } = endpoint;
  const settings = { baseURL, apiKey: api_key ?? "", fetch };
  return createAmazonBedrock({ ...settings, ...(region !== null && { region }) });
};
