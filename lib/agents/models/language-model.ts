import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import type { LanguageModel } from "ai";
import type { ModelRef, Provider, ProviderApi } from "../../settings/providers.ts";

type Fetch = typeof fetch;

type Open = (provider: Provider, fetch: Fetch) => (model: string) => LanguageModel;

const settings = ({ name, base_url, api_key }: Provider, fetch: Fetch) => ({
  name,
  baseURL: base_url,
  apiKey: api_key ?? "",
  fetch,
});

/** How each wire is spoken. Another provider with one of these wires is configuration only. */
const apis = {
  openai: (provider, fetch) => {
    const { responses } = createOpenAI(settings(provider, fetch));
    return (model) => responses(model);
  },
  "openai-chat": (provider, fetch) => {
    const { chat } = createOpenAI(settings(provider, fetch));
    return (model) => chat(model);
  },
  anthropic: (provider, fetch) => createAnthropic(settings(provider, fetch)),
  google: (provider, fetch) => createGoogle(settings(provider, fetch)),
  bedrock: ({ base_url, api_key, region }, fetch) =>
    createAmazonBedrock({
      baseURL: base_url,
      apiKey: api_key ?? "",
      fetch,
      ...(region !== null && { region }),
    }),
} as const satisfies Record<ProviderApi, Open>;

/** @param fetch what the requests go through */
export const languageModel = ({ provider, model }: ModelRef, fetch: Fetch): LanguageModel =>
  apis[provider.api](provider, fetch)(model);
