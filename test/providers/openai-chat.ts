import { read } from "./openai-chat-request.ts";
import { openaiError } from "./openai-errors.ts";
import { type Answer, sse, type Wire } from "./wire.ts";

const usageOf = ({ usage }: Answer) => ({
  prompt_tokens: usage.input_tokens,
  completion_tokens: usage.output_tokens,
  total_tokens: usage.input_tokens + usage.output_tokens,
  prompt_tokens_details: { cached_tokens: usage.cached_input_tokens, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: usage.reasoning_tokens, audio_tokens: 0 },
});

const head = ({ id, model }: Answer, object: string) => ({
  id: `chatcmpl-${id}`,
  object,
  created: 1_750_000_000,
  model,
  service_tier: "default",
  system_fingerprint: "fp_fake",
});

const whole = (answer: Answer) => ({
  ...head(answer, "chat.completion"),
  choices: [
    {
      index: 0,
      message: {
        role: "assistant",
        content: answer.text || null,
        refusal: null,
        ...(answer.tool_calls.length > 0 && {
          tool_calls: answer.tool_calls.map(({ id, name, json }) => ({
            id,
            type: "function",
            function: { name, arguments: json },
          })),
        }),
      },
      logprobs: null,
      finish_reason: answer.finish,
    },
  ],
  usage: usageOf(answer),
});

const toolDeltas = ({ tool_calls }: Answer) =>
  tool_calls.flatMap(({ id, name, pieces }, index) => [
    { tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] },
    ...pieces.map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ]);

const frames = (answer: Answer) => {
  const chunk = (delta: object, finish_reason: string | null = null) =>
    sse({
      ...head(answer, "chat.completion.chunk"),
      choices: [{ index: 0, delta, logprobs: null, finish_reason }],
      usage: null,
    });
  const usage = { ...head(answer, "chat.completion.chunk"), choices: [], usage: usageOf(answer) };
  return {
    body: [
      chunk({ role: "assistant", content: "", refusal: null }),
      ...answer.pieces.map((content) => chunk({ content })),
      ...toolDeltas(answer).map((delta) => chunk(delta)),
    ],
    end: [chunk({}, answer.finish), sse(usage), sse("[DONE]")],
  };
};

/** https://platform.openai.com/docs/api-reference/chat */
export const openaiChat: Wire = {
  provider: "openai-chat",
  path: /^\/chat\/completions$/,
  read,
  whole,
  frames,
  failed: (failure) => sse({ error: openaiError(failure) }),
};
