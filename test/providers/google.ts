import { read, signs } from "./google-request.ts";
import { type Answer, brokenEvent, type Failure, sse, type Vendor, type Wire } from "./wire.ts";

export const googleKey = "fake-google-key";

const reasons: Record<Answer["finish"], string> = {
  stop: "STOP",
  length: "MAX_TOKENS",
  tool_calls: "STOP",
  content_filter: "SAFETY",
};

const usageOf = ({ usage }: Answer) => ({
  promptTokenCount: usage.input_tokens,
  cachedContentTokenCount: usage.cached_input_tokens,
  candidatesTokenCount: usage.output_tokens - usage.reasoning_tokens,
  thoughtsTokenCount: usage.reasoning_tokens,
  totalTokenCount: usage.input_tokens + usage.output_tokens,
});

const partsOf = ({ tool_calls, model }: Answer) =>
  tool_calls.map(({ id, name, input }, n) => ({
    functionCall: { id, name, args: input },
    ...(n === 0 && signs.test(model) && { thoughtSignature: "c2lnbmVk" }),
  }));

const generated = (answer: Answer, parts: object[], last: boolean) => ({
  candidates: [
    {
      content: { parts, role: "model" },
      ...(last && { finishReason: reasons[answer.finish] }),
      index: 0,
    },
  ],
  usageMetadata: last
    ? usageOf(answer)
    : { promptTokenCount: answer.usage.input_tokens, totalTokenCount: answer.usage.input_tokens },
  modelVersion: answer.model,
  responseId: answer.id,
});

const whole = (answer: Answer) =>
  generated(answer, [...(answer.text ? [{ text: answer.text }] : []), ...partsOf(answer)], true);

const frames = (answer: Answer) => {
  const parts = [...answer.pieces.map((text) => ({ text })), ...partsOf(answer)];
  return {
    body: parts.map((part) => sse(generated(answer, [part], false))),
    end: [sse(generated(answer, [{ text: "" }], true))],
  };
};

const kinds: Record<number, string> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

const errorBody = ({ status, message, type }: Failure) => ({
  error: { code: status, message, status: type ?? kinds[status] ?? "UNKNOWN" },
});

const model = (name: string) => ({
  name: `models/${name}`,
  displayName: name,
  supportedGenerationMethods: ["generateContent"],
});

const generateContent: Wire = {
  provider: "google",
  path: /^\/models\/([^/:]+):(?:generateContent|streamGenerateContent)$/,
  read,
  whole,
  frames,
  failed: (failure) => sse(errorBody(failure)),
};

/** https://ai.google.dev/api/generate-content. A missing key is a 403 there, a wrong one a 400. */
export const google: Vendor = {
  prefix: "/google/v1beta",
  wires: [generateContent],
  stream_type: "text/event-stream",
  models: { models: [model("gemini-2.5-flash"), model("gemini-3-flash-preview")] },
  refuse: (headers) => {
    const key = headers["x-goog-api-key"];
    if (key === googleKey) return null;
    if (key) return { status: 400, message: "API key not valid. Please pass a valid API key." };
    return {
      status: 403,
      message:
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
    };
  },
  error: (failure) => ({ body: errorBody(failure) }),
  broken: brokenEvent,
};
