import { read } from "./bedrock-request.ts";
import { encodeMessage } from "./event-stream.ts";
import type { Answer, Failure, Json, Vendor, Wire } from "./wire.ts";

export const bedrockKey = "fake-bedrock-token";

const reasons: Record<Answer["finish"], string> = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  content_filter: "content_filtered",
};

const usageOf = ({ usage }: Answer) => ({
  inputTokens: usage.input_tokens - usage.cached_input_tokens,
  outputTokens: usage.output_tokens,
  totalTokens: usage.input_tokens + usage.output_tokens,
  cacheReadInputTokens: usage.cached_input_tokens,
  cacheWriteInputTokens: 0,
});

const whole = (answer: Answer) => ({
  output: {
    message: {
      role: "assistant",
      content: [
        ...(answer.text ? [{ text: answer.text }] : []),
        ...answer.tool_calls.map(({ id, name, input }) => ({
          toolUse: { toolUseId: id, name, input },
        })),
      ],
    },
  },
  stopReason: reasons[answer.finish],
  usage: usageOf(answer),
  metrics: { latencyMs: 5 },
});

const event = (type: string, payload: Json) =>
  encodeMessage(
    { ":event-type": type, ":content-type": "application/json", ":message-type": "event" },
    { ...payload, p: "abcdefgh" },
  );

const block = (contentBlockIndex: number, start: object | null, deltas: object[]) => [
  ...(start ? [event("contentBlockStart", { contentBlockIndex, start })] : []),
  ...deltas.map((delta) => event("contentBlockDelta", { contentBlockIndex, delta })),
  event("contentBlockStop", { contentBlockIndex }),
];

const frames = (answer: Answer) => {
  const first = answer.text ? 1 : 0;
  const spoken = answer.pieces.map((text) => ({ text }));
  const calls = answer.tool_calls.flatMap(({ id, name, pieces }, n) => {
    const deltas = pieces.map((input) => ({ toolUse: { input } }));
    return block(first + n, { toolUse: { toolUseId: id, name } }, deltas);
  });
  return {
    body: [
      event("messageStart", { role: "assistant" }),
      ...(answer.text ? block(0, null, spoken) : []),
      ...calls,
    ],
    end: [
      event("messageStop", { stopReason: reasons[answer.finish] }),
      event("metadata", { usage: usageOf(answer), metrics: { latencyMs: 5 } }),
    ],
  };
};

const kinds: Record<number, string> = {
  400: "ValidationException",
  403: "AccessDeniedException",
  404: "ResourceNotFoundException",
  408: "ModelTimeoutException",
  424: "ModelErrorException",
  429: "ThrottlingException",
  500: "InternalServerException",
  503: "ServiceUnavailableException",
};

const kindOf = ({ status, type }: Failure) => type ?? kinds[status] ?? "InternalServerException";

const lowerFirst = (word: string) => word.charAt(0).toLowerCase() + word.slice(1);

const brokenMessage = () => {
  const message = event("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "broken" } });
  message.writeUInt32BE(0, message.length - 4);
  return message;
};

const converse: Wire = {
  provider: "bedrock",
  path: /^\/model\/([^/]+)\/converse(?:-stream)?$/,
  read,
  whole,
  frames,
  failed: (failure) =>
    encodeMessage(
      {
        ":exception-type": lowerFirst(kindOf(failure)),
        ":content-type": "application/json",
        ":message-type": "exception",
      },
      { message: failure.message },
    ),
};

const notLetIn: Failure = {
  status: 403,
  message: "Authentication failed: Please make sure your API Key is valid.",
};

const signed = /^AWS4-HMAC-SHA256 Credential=\S+, ?SignedHeaders=\S+, ?Signature=[0-9a-f]{64}$/;

/**
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html. The error's
 * type stands in a header; who is not let in gets a 403 with a capital `Message`.
 */
export const bedrock: Vendor = {
  prefix: "/bedrock",
  wires: [converse],
  stream_type: "application/vnd.amazon.eventstream",
  models: null,
  refuse: ({ authorization = "" }) =>
    authorization === `Bearer ${bedrockKey}` || signed.test(authorization) ? null : notLetIn,
  error: (failure) => ({
    headers: { "x-amzn-errortype": kindOf(failure) },
    body: failure === notLetIn ? { Message: failure.message } : { message: failure.message },
  }),
  broken: brokenMessage(),
};
