const TIMEOUT_MS = 30_000;

/** Sends one request, once. */
export type Send = <T>(route: string, body?: unknown) => Promise<T>;

/**
 * @param url the address of the stack
 * @example await openSend(url)<Project>("POST /projects", { name: "Bench" })
 * @throws Error when the answer is not a success
 */
export const openSend =
  (url: string): Send =>
  async <T>(route: string, body?: unknown) => {
    const [method = "", path = ""] = route.split(" ");
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${route} answers ${response.status}: ${text}`);
    return JSON.parse(text) as T;
  };

/** Measures how many milliseconds work takes. */
export const timed = async (act: () => Promise<unknown>) => {
  const start = performance.now();
  await act();
  return performance.now() - start;
};
