import { wires } from "../agents/providers/wires.ts";
import type { Provider } from "../settings/providers.ts";

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
