import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import type { LanguageModel } from "ai";
import type { ModelRef, Provider, ProviderApi } from "../../domain/providers.ts";

type Open = (provider: Provider) => (model: string) => LanguageModel;

const settings = ({ name, base_url, api_key }: Provider) => ({
  name,
  baseURL: base_url,
  apiKey: api_key ?? "",
});

/** How each wire is spoken. Another provider with one of these wires is configuration only. */
const apis = {
  openai: (provider) => {
    const { responses } = createOpenAI(settings(provider));
    return (model) => responses(model);
  },
  "openai-chat": (provider) => {
    const { chat } = createOpenAI(settings(provider));
    return (model) => chat(model);
  },
  anthropic: (provider) => createAnthropic(settings(provider)),
  google: (provider) => createGoogle(settings(provider)),
  bedrock: ({ base_url, api_key, region }) =>
    createAmazonBedrock({
      baseURL: base_url,
      apiKey: api_key ?? "",
      ...(region !== null && { region }),
    }),
} as const satisfies Record<ProviderApi, Open>;

export const languageModel = ({ provider, model }: ModelRef): LanguageModel =>
  apis[provider.api](provider)(model);
