import type { Failure } from "./wire.ts";

const kinds: Record<number, { type: string; code: string | null }> = {
  400: { type: "invalid_request_error", code: null },
  401: { type: "invalid_request_error", code: "invalid_api_key" },
  404: { type: "invalid_request_error", code: null },
  429: { type: "tokens", code: "rate_limit_exceeded" },
};

/** The `error` object of OpenAI: a given type (`insufficient_quota`) stands in `code`, too. */
export const openaiError = ({ status, message, type }: Failure) => {
  const kind = kinds[status] ?? { type: "server_error", code: "server_error" };
  return { message, type: type ?? kind.type, param: null, code: type ?? kind.code };
};
