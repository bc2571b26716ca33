import { read } from "./anthropic-request.ts";
import { type Answer, brokenEvent, type Failure, sse, type Vendor, type Wire } from "./wire.ts";

export const anthropicKey = "sk-ant-fake";

const reasons: Record<Answer["finish"], string> = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  content_filter: "refusal",
};

const usageOf = ({ usage }: Answer) => ({
  input_tokens: usage.input_tokens - usage.cached_input_tokens,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: usage.cached_input_tokens,
  output_tokens: usage.output_tokens,
  output_tokens_details: { thinking_tokens: usage.reasoning_tokens },
  service_tier: "standard",
});

const whole = (answer: Answer) => ({
  id: `msg_${answer.id}`,
  type: "message",
  role: "assistant",
  model: answer.model,
  content: [
    ...(answer.text ? [{ type: "text", text: answer.text }] : []),
    ...answer.tool_calls.map(({ id, name, input }) => ({ type: "tool_use", id, name, input })),
  ],
  stop_reason: reasons[answer.finish] as string | null,
  stop_sequence: null,
  usage: usageOf(answer),
});

type Event = { type: string; [field: string]: unknown };

const blockEvents = (index: number, content_block: Event, deltas: Event[]): Event[] => [
  { type: "content_block_start", index, content_block },
  ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
  { type: "content_block_stop", index },
];

const bodyEvents = ({ text, pieces, tool_calls }: Answer): Event[] => {
  const spoken = pieces.map((piece) => ({ type: "text_delta", text: piece }));
  const first = text ? 1 : 0;
  return [
    ...(text ? blockEvents(0, { type: "text", text: "" }, spoken) : []),
    ...tool_calls.flatMap(({ id, name, pieces: parts }, n) =>
      blockEvents(first + n, { type: "tool_use", id, name, input: {} }, [
        { type: "input_json_delta", partial_json: "" },
        ...parts.map((partial_json) => ({ type: "input_json_delta", partial_json })),
      ]),
    ),
  ];
};

const frames = (answer: Answer) => {
  const { content: _, ...message } = whole(answer);
  const usage = { ...message.usage, output_tokens: 1, output_tokens_details: null };
  const started = { ...message, content: [], stop_reason: null, usage };
  const delta = { stop_reason: message.stop_reason, stop_sequence: null };
  const write = (event: Event) => sse(event, event.type);
  return {
    body: [
      { type: "message_start", message: started },
      { type: "ping" },
      ...bodyEvents(answer),
    ].map(write),
    end: [{ type: "message_delta", delta, usage: message.usage }, { type: "message_stop" }].map(
      write,
    ),
  };
};

const kinds: Record<number, string> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error",
};

const errorBody = ({ status, message, type }: Failure) => ({
  type: "error",
  error: { type: type ?? kinds[status] ?? "api_error", message },
  request_id: "req_fake",
});

const model = (id: string) => ({
  type: "model",
  id,
  display_name: id,
  created_at: "2026-01-01T00:00:00Z",
});

const messages: Wire = {
  provider: "anthropic",
  path: /^\/messages$/,
  read,
  whole,
  frames,
  failed: (failure) => sse(errorBody(failure), "error"),
};

/** https://docs.anthropic.com/en/api/messages. Errors: `{type: "error", error: {type, message}}`. */
export const anthropic: Vendor = {
  prefix: "/anthropic/v1",
  wires: [messages],
  stream_type: "text/event-stream; charset=utf-8",
  models: {
    data: [model("claude-sonnet-4-5"), model("claude-haiku-4-5")],
    has_more: false,
    first_id: "claude-sonnet-4-5",
    last_id: "claude-haiku-4-5",
  },
  refuse: (headers) =>
    headers["x-api-key"] === anthropicKey
      ? null
      : {
          status: 401,
          message: headers["x-api-key"] ? "invalid x-api-key" : "x-api-key header is required",
        },
  error: (failure) => ({ body: errorBody(failure) }),
  broken: brokenEvent,
};
