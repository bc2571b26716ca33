import type { Provider, ProviderApi } from "../settings/providers.ts";

type Ask = { path: string; headers: (key: string) => Record<string, string> };

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** What costs nothing and needs the key: the list of models. Bedrock's endpoint has none: that it answers is all. */
const asks: Record<ProviderApi, Ask> = {
  openai: { path: "/models", headers: bearer },
  "openai-chat": { path: "/models", headers: bearer },
  anthropic: {
    path: "/models",
    headers: (key) => ({ "x-api-key": key, "anthropic-version": "2023-06-01" }),
  },
  google: { path: "/models?pageSize=1", headers: (key) => ({ "x-goog-api-key": key }) },
  bedrock: { path: "/", headers: () => ({}) },
};

/** fetch says no more than "fetch failed"; why is in the cause. */
const reasonOf = (error: unknown): unknown =>
  error instanceof TypeError && error.cause instanceof Error ? error.cause : error;

/**
 * Asks a provider something that spends no tokens.
 *
 * @returns the HTTP status of the answer
 * @throws when there is no answer: the network's error, or the signal's reason
 */
export const probeProvider = async (provider: Provider, signal: AbortSignal): Promise<number> => {
  const { api, base_url, api_key } = provider;
  const { path, headers } = asks[api];
  const given = { redirect: "manual", signal, headers: api_key ? headers(api_key) : {} } as const;
  try {
    const response = await fetch(`${base_url}${path}`, given);
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    throw reasonOf(error);
  }
};
