import { isUnauthorized, type OpenModels, type Wire } from "./wire.ts";

/** Amazon Bedrock's Converse API. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
export const bedrock: Wire = {
  // The endpoint has no list of models, and the probe is sent without a key: any response shows that it is reachable.
  probe: { path: "/", headers: () => ({}), keyRefused: [] },
  isKeyRefused: isUnauthorized,
  schemaInPrompt: false,
  options: {},
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
