import { wires } from "../agents/providers/wires.ts";
import type { Provider } from "../settings/providers.ts";

/** Gives the cause of fetch's error, as its message is only "fetch failed". */
const reasonOf = (error: unknown): unknown =>
  error instanceof TypeError && error.cause instanceof Error ? error.cause : error;

/**
 * Sends a provider a request that spends no tokens.
 *
 * @returns the HTTP status of the answer
 * @throws the network's error or the signal's reason, when there is no answer
 */
export const probeProvider = async (provider: Provider, signal: AbortSignal): Promise<number> => {
  const { api, base_url, api_key } = provider;
  const { path, headers } = wires[api].probe;
  const options = { redirect: "manual", signal, headers: api_key ? headers(api_key) : {} } as const;
  try {
    const response = await fetch(`${base_url}${path}`, options);
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    throw reasonOf(error);
  }
};
