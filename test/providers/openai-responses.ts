import { openaiError } from "./openai-errors.ts";
import { read } from "./openai-responses-request.ts";
import { type Answer, type SentCall, sse, type Wire } from "./wire.ts";

const reasons: Partial<Record<Answer["finish"], string>> = {
  length: "max_output_tokens",
  content_filter: "content_filter",
};

const usageOf = ({ usage }: Answer) => ({
  input_tokens: usage.input_tokens,
  input_tokens_details: { cached_tokens: usage.cached_input_tokens },
  output_tokens: usage.output_tokens,
  output_tokens_details: { reasoning_tokens: usage.reasoning_tokens },
  total_tokens: usage.input_tokens + usage.output_tokens,
});

const textPart = (text: string) => ({ type: "output_text", text, annotations: [], logprobs: [] });

const statusOf = ({ finish }: Answer) => (reasons[finish] ? "incomplete" : "completed");

const messageItem = (answer: Answer) => ({
  type: "message",
  id: `msg_${answer.id}`,
  status: statusOf(answer),
  role: "assistant",
  content: [textPart(answer.text)],
});

const callItem = ({ id, name, json }: SentCall, status: string) => ({
  type: "function_call",
  id: `fc_${id}`,
  call_id: id,
  name,
  arguments: status === "completed" ? json : "",
  status,
});

const whole = (answer: Answer) => {
  const reason = reasons[answer.finish];
  return {
    id: `resp_${answer.id}`,
    object: "response",
    created_at: 1_750_000_000,
    status: statusOf(answer),
    error: null,
    incomplete_details: reason ? { reason } : null,
    model: answer.model,
    output: [
      ...(answer.text ? [messageItem(answer)] : []),
      ...answer.tool_calls.map((call) => callItem(call, "completed")),
    ],
    parallel_tool_calls: true,
    usage: usageOf(answer),
  };
};

type Event = { type: string; [field: string]: unknown };

const textEvents = (answer: Answer): Event[] => {
  const at = { item_id: `msg_${answer.id}`, output_index: 0, content_index: 0 };
  const item = messageItem(answer);
  return [
    {
      type: "response.output_item.added",
      output_index: 0,
      item: { ...item, status: "in_progress", content: [] },
    },
    { type: "response.content_part.added", ...at, part: textPart("") },
    ...answer.pieces.map((delta) => ({
      type: "response.output_text.delta",
      ...at,
      delta,
      logprobs: [],
    })),
    { type: "response.output_text.done", ...at, text: answer.text, logprobs: [] },
    { type: "response.content_part.done", ...at, part: textPart(answer.text) },
    { type: "response.output_item.done", output_index: 0, item },
  ];
};

const callEvents = (call: SentCall, output_index: number): Event[] => {
  const at = { item_id: `fc_${call.id}`, output_index };
  return [
    { type: "response.output_item.added", output_index, item: callItem(call, "in_progress") },
    ...call.pieces.map((delta) => ({
      type: "response.function_call_arguments.delta",
      ...at,
      delta,
    })),
    { type: "response.function_call_arguments.done", ...at, arguments: call.json, name: call.name },
    { type: "response.output_item.done", output_index, item: callItem(call, "completed") },
  ];
};

const frames = (answer: Answer) => {
  const response = whole(answer);
  const started = {
    ...response,
    status: "in_progress",
    incomplete_details: null,
    output: [],
    usage: null,
  };
  const first = answer.text ? 1 : 0;
  const events: Event[] = [
    { type: "response.created", response: started },
    { type: "response.in_progress", response: started },
    ...(answer.text ? textEvents(answer) : []),
    ...answer.tool_calls.flatMap((call, n) => callEvents(call, first + n)),
    { type: `response.${statusOf(answer)}`, response },
  ];
  const written = events.map((event, sequence_number) =>
    sse({ ...event, sequence_number }, event.type),
  );
  return { body: written.slice(0, -1), end: written.slice(-1) };
};

/** https://platform.openai.com/docs/api-reference/responses */
export const openaiResponses: Wire = {
  provider: "openai",
  path: /^\/responses$/,
  read,
  whole,
  frames,
  failed: (failure) =>
    sse({ type: "error", sequence_number: 99, error: openaiError(failure) }, "error"),
};
