import { describe, expect, test } from "vitest";
import { answerText, askOdd, binary, type OddAnswer } from "./odd-answer.ts";
import type { Frame, Provider } from "./wire.ts";

const half = Math.floor(answerText.length / 2);
const pieces = [answerText.slice(0, half), answerText.slice(half)] as const;

const data = (...events: unknown[]) =>
  events.map((each) => `data: ${typeof each === "string" ? each : JSON.stringify(each)}\n\n`);
const chat = (delta: unknown, more: object = {}) => ({ choices: [{ index: 0, delta, ...more }] });
const said = pieces.map((content) => chat({ content }));
const stop = chat({}, { finish_reason: "stop" });
const usage = { prompt_tokens: 10, completion_tokens: 5 };

const block = (index: number, start: object, ...deltas: object[]) => [
  { type: "content_block_start", index, content_block: start },
  ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
  { type: "content_block_stop", index },
];
const begun = { type: "message_start", message: { id: "m", usage: { input_tokens: 9 } } };
const spoken = block(
  0,
  { type: "text", text: "" },
  ...pieces.map((text) => ({ type: "text_delta", text })),
);
const ended = [
  { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 5 } },
  { type: "message_stop" },
];

const item = { type: "message", id: "i", content: [] };
const textDeltas = pieces.map((delta) => ({
  ...{ type: "response.output_text.delta", item_id: "i", output_index: 0, delta },
}));
const added = { type: "response.output_item.added", output_index: 0, item };
const itemDone = { type: "response.output_item.done", output_index: 0, item };
const completed = { type: "response.completed", response: { usage: null } };

const parts = (...all: unknown[]) => ({ candidates: [{ content: { parts: all } }] });
const geminiText = pieces.map((text) => parts({ text }));
const geminiEnd = { candidates: [{ finishReason: "STOP" }] };

const bedrockText = pieces.map(
  (text) => ["contentBlockDelta", { contentBlockIndex: 0, delta: { text } }] as const,
);
const bedrockEnd = [
  ["contentBlockStop", { contentBlockIndex: 0 }],
  ["messageStop", { stopReason: "end_turn" }],
  ["metadata", { usage: { inputTokens: 9, outputTokens: 5, totalTokens: 14 } }],
] as const;

/** A row without frames of its own: how the usual stream is sent. */
type Row = [name: string, frames: readonly Frame[], more?: Omit<OddAnswer, "frames">];

const whole: Readonly<Record<Provider, readonly Frame[]>> = {
  "openai-chat": data(...said, stop, { choices: [], usage }, "[DONE]"),
  openai: data(added, ...textDeltas, itemDone, completed),
  anthropic: data(begun, ...spoken, ...ended),
  google: data(...geminiText, geminiEnd),
  bedrock: binary([...bedrockText, ...bedrockEnd]),
};

const usual = (name: Provider): Row[] => {
  const frames = whole[name];
  const isBinary = name === "bedrock";
  const text = frames.join("");
  const sse: Row[] = [
    ["a byte order mark", [`\uFEFF${text}`]],
    ["line breaks of Windows", [text.replaceAll("\n", "\r\n")]],
    ["line breaks of old Macs", [text.replaceAll("\n", "\r")]],
    ["no space after the colon", [text.replaceAll("data: ", "data:")]],
    ["no last blank line", [text.trimEnd()]],
    ["no blank lines at all", [text.replaceAll("\n\n", "\n")]],
    ["data twice", [text.replaceAll("data: ", "data: data: ")]],
    ["text/plain", frames, { type: "text/plain" }],
    [
      "what keeps the connection open",
      frames.flatMap((frame) => [": ping\n\n", "data:\n\n", "data: keep-alive\n\n", frame]),
    ],
    ["odd data", ["data: null\n\n", 'data: "x"\n\n', "data: 1\n\n", "id: 1\nretry: x\n\n", text]],
    ["names of events that nobody knows", frames.map((frame) => `event: odd\n${frame}`)],
    ["JSON, one event a line", [text.replaceAll("data: ", "").replaceAll("\n\n", "\n")]],
    ["half an event after its end", [text, 'data: {"half": ']],
    ["byte by byte", text.split("")],
    ["a connection that is kept open", frames, { ending: "stay", keepAlive: ": ping\n\n" }],
  ];
  return [
    ["as usual", frames],
    ["a connection that stays open", frames, { ending: "stay" }],
    ["a connection that is reset", frames, { ending: "reset" }],
    ...(isBinary ? [] : sse),
  ];
};

const chatWith = (delta: object, finish = stop): readonly Frame[] => data(chat(delta), finish);
const wholeMessage = (message: object, more: object = {}) =>
  JSON.stringify({ choices: [{ message, finish_reason: "stop", ...more }], usage });

const chatRows: Row[] = [
  ["text in parts", chatWith({ content: [{ type: "text", text: pieces[0] }, pieces[1]] })],
  ["text as an object", chatWith({ content: { text: answerText } })],
  ["the answer as an object", chatWith({ content: JSON.parse(answerText) })],
  ["the answer as `parsed`", chatWith({ content: null, parsed: JSON.parse(answerText) })],
  [
    "the answer in `reasoning_details`",
    chatWith({ reasoning_details: [{ type: "reasoning.text", text: answerText }] }),
  ],
  [
    "pieces in messages",
    data(...pieces.map((content) => ({ choices: [{ message: { content } }] })), {
      choices: [{ message: { content: "" }, finish_reason: "stop" }],
    }),
  ],
  [
    "all of it in each message",
    data(
      { choices: [{ message: { content: pieces[0] }, delta: { content: pieces[0] } }] },
      { choices: [{ message: { content: answerText }, delta: {} }] },
      { choices: [{ message: { content: answerText }, delta: {}, finish_reason: "stop" }] },
    ),
  ],
  [
    "Ollama's own API",
    [
      { message: { role: "assistant", content: answerText }, done: false },
      { message: { role: "assistant", content: "" }, done: true, done_reason: "stop" },
    ].map((line) => `${JSON.stringify(line)}\n`),
    { type: "application/x-ndjson" },
  ],
  [
    "null everywhere",
    data(
      {
        id: null,
        object: null,
        created: null,
        model: null,
        usage: null,
        choices: [
          {
            index: null,
            logprobs: null,
            finish_reason: null,
            delta: {
              role: null,
              content: answerText,
              tool_calls: null,
              refusal: null,
              annotations: null,
            },
          },
        ],
      },
      { choices: null, usage: null },
      stop,
    ),
  ],
  [
    "odd fields",
    data(
      {
        id: 7,
        created: "now",
        model: {},
        choices: [
          {
            index: 0,
            delta: { role: "model", content: answerText, annotations: [{ type: "odd" }] },
            logprobs: { content: [{}] },
          },
        ],
      },
      { choices: "none" },
      { choices: [{}] },
      { choices: [{ index: 0, delta: null }] },
      stop,
    ),
  ],
  ...[
    "end",
    "eos",
    "eos_token",
    "STOP",
    "Stop",
    "function_call",
    "done",
    "<|im_end|>",
    "length",
    "content_filter",
    "error",
    "",
    null,
  ].map(
    (finish_reason): Row => [
      `finish_reason ${finish_reason}`,
      data(...said, chat({}, { finish_reason }), "[DONE]"),
    ],
  ),
  ["no finish_reason, no [DONE]", data(...said)],
  ["no finish_reason, and open", data(...said, "[DONE]"), { ending: "stay" }],
  ["a finish, and open", data(...said, stop), { ending: "stay" }],
  [
    "finish_reason in each piece",
    data(...pieces.map((content) => chat({ content }, { finish_reason: "stop" }))),
  ],
  ["[DONE] in other words", data(...said, " [done] ")],
  [
    "JSON for a stream",
    [wholeMessage({ role: "assistant", content: answerText })],
    { type: "application/json" },
  ],
  [
    "JSON, pretty, with text in parts",
    [
      JSON.stringify(
        JSON.parse(wholeMessage({ content: [{ type: "text", text: answerText }] })),
        null,
        2,
      ),
    ],
  ],
  ["JSON, and open", [wholeMessage({ content: answerText })], { ending: "stay" }],
  [
    "a message in the stream",
    data({ choices: [{ index: 0, message: { content: answerText }, finish_reason: "stop" }] }),
  ],
  ["text of the old API", data({ choices: [{ text: answerText, finish_reason: "stop" }] })],
  ["a choice that is no list", data({ choices: { delta: { content: answerText } } }, stop)],
  ["reasoning_content, content null", chatWith({ content: null, reasoning_content: answerText })],
  [
    "reasoning, content empty",
    data(chat({ content: "", reasoning: pieces[0] }), chat({ reasoning: pieces[1] }), stop),
  ],
  [
    "thinking in parts",
    chatWith({ content: [{ type: "thinking", thinking: [{ type: "text", text: answerText }] }] }),
  ],
  ["thoughts before the text", data(chat({ reasoning_content: "Let me see {" }), ...said, stop)],
  ["an empty refusal", chatWith({ content: answerText, refusal: "" })],
];

const anthropicRows: Row[] = [
  [
    "events, blocks and deltas that nobody knows",
    data(
      begun,
      { type: "odd" },
      ...block(0, { type: "odd", text: 1 }, { type: "text_delta_odd", odd: 1 }),
      ...block(
        1,
        { type: "server_tool_use", id: "s" },
        { type: "input_json_delta", partial_json: "{}" },
      ),
      ...block(
        2,
        { type: "text" },
        { type: "odd_delta" },
        { type: "citations_delta", citation: {} },
        { type: "text_delta", text: answerText },
      ),
      ...ended,
    ),
  ],
  [
    "no usage at all",
    data(
      { type: "message_start", message: {} },
      ...spoken,
      { type: "message_delta", delta: { stop_reason: "end_turn" } },
      { type: "message_stop" },
    ),
  ],
  [
    "odd usage",
    data(
      { type: "message_start", message: { usage: { input_tokens: null } } },
      ...spoken,
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn" },
        usage: { output_tokens: "x", iterations: {} },
      },
      { type: "message_stop" },
    ),
  ],
  ["no message_start", data(...spoken, ...ended)],
  ["message_start twice", data(begun, { ...begun, message: { id: "n" } }, ...spoken, ...ended)],
  ["no message_delta", data(begun, ...spoken, { type: "message_stop" })],
  ["no end at all", data(begun, ...spoken)],
  ["no block ends", data(begun, ...spoken.slice(0, -1), ...ended)],
  ["no block begins", data(begun, ...spoken.slice(1), ...ended)],
  [
    "no indexes",
    data(begun, ...spoken.map(({ index: _, ...rest }: { index?: unknown }) => rest), ...ended),
  ],
  [
    "text in the beginning of its block",
    data(begun, ...block(0, { type: "text", text: answerText }), ...ended),
  ],
  [
    "types in the names of events only",
    [begun, ...spoken, ...ended].map(
      ({ type, ...rest }) => `event: ${type}\ndata: ${JSON.stringify(rest)}\n\n`,
    ),
  ],
  ...["end", "max_tokens", "refusal", "odd", "", null].map(
    (stop_reason): Row => [
      `stop_reason ${stop_reason}`,
      data(
        begun,
        ...spoken,
        { type: "message_delta", delta: { stop_reason }, usage: {} },
        { type: "message_stop" },
      ),
    ],
  ),
  [
    "JSON for a stream",
    [
      JSON.stringify({
        type: "message",
        content: [{ type: "odd" }, { type: "text", text: answerText }],
        stop_reason: "end_turn",
      }),
    ],
  ],
  ["a text that is no list", [JSON.stringify({ type: "message", content: answerText })]],
  [
    "an answer in its thoughts",
    data(
      begun,
      ...block(
        0,
        { type: "thinking", thinking: "" },
        { type: "thinking_delta", thinking: answerText },
      ),
      ...ended,
    ),
  ],
  [
    "an end without message_stop, and open",
    data(begun, ...spoken, ...ended.slice(0, 1)),
    { ending: "stay" },
  ],
];

const openaiRows: Row[] = [
  ["no completed", data(added, ...textDeltas, itemDone)],
  ["[DONE] only", data(added, ...textDeltas, "[DONE]"), { ending: "stay" }],
  ["deltas only", data(...textDeltas.map(({ type, delta }) => ({ type, delta })), completed)],
  [
    "items without ids",
    data(
      { ...added, item: { type: "message" }, output_index: null },
      ...textDeltas.map(({ type, delta }) => ({ type, delta })),
      completed,
    ),
  ],
  [
    "done items only",
    data(
      { ...itemDone, item: { ...item, content: [{ type: "output_text", text: answerText }] } },
      completed,
    ),
  ],
  [
    "completed only",
    data({
      ...completed,
      response: { output: [{ ...item, content: [{ type: "output_text", text: answerText }] }] },
    }),
  ],
  [
    "the text's end only",
    data(
      added,
      { type: "response.output_text.done", output_index: 0, text: answerText },
      completed,
    ),
  ],
  [
    "events and items that nobody knows",
    data(
      { type: "odd" },
      { type: "response.created", response: {} },
      { type: "response.output_item.added", output_index: 0, item: { type: "odd_call" } },
      { type: "response.output_item.added", output_index: 1, item: { type: "web_search_call" } },
      { ...added, output_index: 2 },
      { type: "response.content_part.added", part: null },
      ...textDeltas.map((each) => ({ ...each, output_index: 2, logprobs: [{}] })),
      { type: "response.output_text.annotation.added", annotation: { type: "odd" } },
      completed,
    ),
  ],
  [
    "odd usage",
    data(added, ...textDeltas, {
      type: "response.completed",
      response: { usage: { input_tokens: "9", output_tokens: null, input_tokens_details: 1 } },
    }),
  ],
  ["response.done", data(added, ...textDeltas, { type: "response.done", response: {} })],
  [
    "incomplete",
    data(added, ...textDeltas, {
      type: "response.incomplete",
      response: { incomplete_details: { reason: "odd" } },
    }),
  ],
  [
    "JSON for a stream",
    [
      JSON.stringify({
        object: "response",
        status: "completed",
        output: [
          { type: "reasoning" },
          { ...item, content: [{ type: "output_text", text: answerText }] },
        ],
      }),
    ],
  ],
];

const googleRows: Row[] = [
  [
    "parts that nobody knows",
    data(
      parts(
        { odd: 1 },
        { text: null },
        { text: answerText },
        { executableCode: {} },
        { inlineData: {} },
      ),
      geminiEnd,
    ),
  ],
  [
    "a part that is no list",
    data({ candidates: [{ content: { parts: { text: answerText } } }] }, geminiEnd),
  ],
  ["content that is a text", data({ candidates: { content: answerText } }, geminiEnd)],
  [
    "odd fields",
    data(
      {
        ...parts({ text: answerText }),
        promptFeedback: { safetyRatings: "x" },
        usageMetadata: {
          promptTokenCount: "9",
          candidatesTokenCount: null,
          promptTokensDetails: {},
        },
      },
      { candidates: [{ finishReason: "STOP", safetyRatings: [{}], groundingMetadata: "x" }] },
    ),
  ],
  ...[
    "stop",
    "END",
    "MAX_TOKENS",
    "SAFETY",
    "OTHER",
    "FINISH_REASON_UNSPECIFIED",
    "ODD",
    "",
    null,
  ].map(
    (finishReason): Row => [
      `finishReason ${finishReason}`,
      data(...geminiText, { candidates: [{ finishReason }] }),
    ],
  ),
  ["no finishReason", data(...geminiText)],
  [
    "a finish in each piece",
    data(
      ...geminiText.map(({ candidates: [first] }) => ({
        candidates: [{ ...first, finishReason: "STOP" }],
      })),
    ),
  ],
  [
    "a list of JSON for a stream",
    [JSON.stringify([...geminiText, geminiEnd], null, 2)],
    { type: "application/json" },
  ],
  ["JSON for a stream", [JSON.stringify(parts({ text: answerText }))]],
  ["an answer in its thoughts", data(parts({ text: answerText, thought: true }), geminiEnd)],
];

const bedrockRows: Row[] = [
  [
    "events, blocks and deltas that nobody knows",
    binary([
      ["messageStart", { role: "x" }],
      ["odd", { a: 1 }],
      ["contentBlockStart", { start: { odd: {} } }],
      ["contentBlockDelta", { delta: { odd: 1 } }],
      ["contentBlockDelta", { contentBlockIndex: 0, delta: { citation: "x" } }],
      ...bedrockText,
      ...bedrockEnd,
    ]),
  ],
  [
    "no indexes",
    binary([
      ...bedrockText.map(([name, { delta }]) => [name, { delta }] as const),
      ["messageStop", { stopReason: "end_turn" }],
    ]),
  ],
  [
    "no usage",
    binary([
      ...bedrockText,
      ["messageStop", { stopReason: "end_turn" }],
      ["metadata", { usage: null }],
    ]),
  ],
  [
    "odd usage",
    binary([
      ...bedrockText,
      ["messageStop", { stopReason: "end_turn" }],
      ["metadata", { usage: { inputTokens: "9", outputTokens: -1 }, metrics: "x", trace: 1 }],
    ]),
  ],
  ...["end", "max_tokens", "content_filtered", "odd", "", null].map(
    (stopReason): Row => [
      `stopReason ${stopReason}`,
      binary([...bedrockText, ["messageStop", { stopReason }]]),
    ],
  ),
  ["no messageStop", binary(bedrockText)],
  ["messageStop, and open", binary([...bedrockText, ["messageStop", {}]]), { ending: "stay" }],
  [
    "JSON for a stream",
    [
      JSON.stringify({
        output: { message: { content: [{ text: answerText }] } },
        stopReason: "end_turn",
      }),
    ],
    { type: "application/json" },
  ],
  [
    "an answer in its thoughts",
    binary([
      [
        "contentBlockDelta",
        { contentBlockIndex: 0, delta: { reasoningContent: { text: answerText } } },
      ],
      ["messageStop", { stopReason: "end_turn" }],
    ]),
  ],
  [
    "thoughts and text at one index",
    binary([
      ["contentBlockDelta", { contentBlockIndex: 0, delta: { reasoningContent: { text: "hm" } } }],
      ...bedrockText,
      ...bedrockEnd,
    ]),
  ],
];

const rows: readonly { provider: Provider; own: Row[] }[] = [
  { provider: "openai-chat", own: chatRows },
  { provider: "openai", own: openaiRows },
  { provider: "anthropic", own: anthropicRows },
  { provider: "google", own: googleRows },
  { provider: "bedrock", own: bedrockRows },
];

const overloaded = { message: "Overloaded", code: 503 };
/** An error within a stream. */
const errors: Readonly<Record<Provider, readonly Frame[]>> = {
  "openai-chat": data({ error: overloaded }),
  openai: data({ type: "response.failed", response: { error: { message: "Overloaded" } } }),
  anthropic: data({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }),
  google: data({ error: overloaded }),
  bedrock: binary([["modelStreamErrorException", { message: "Overloaded" }]]),
};

describe.each(rows)("$provider", ({ provider, own }) => {
  test.each([...usual(provider), ...own])("a whole answer counts: %s", async (_, frames, more) => {
    const { reply, error } = await askOdd(provider, { frames, ...more });
    expect(error).toBeNull();
    expect(reply?.text).toBe(answerText);
    expect(reply?.calls).toEqual([]);
  });

  test("a whole answer counts though nothing more is heard", async () => {
    const frames = whole[provider].slice(
      0,
      provider === "anthropic" || provider === "openai" ? 4 : 2,
    );
    const { reply } = await askOdd(provider, { frames, ending: "stay" }, { silenceMs: 600 });
    expect(reply?.text).toBe(answerText);
  });

  test("a whole answer counts though an error follows", async () => {
    const text = whole[provider].slice(
      0,
      provider === "anthropic" || provider === "openai" ? 4 : 2,
    );
    const { reply, error } = await askOdd(provider, { frames: [...text, ...errors[provider]] });
    expect(error).toBeNull();
    expect(reply?.text).toBe(answerText);
  });

  test.each(["close", "reset", "stay"] as const)("half an answer fails: %s", async (ending) => {
    const frames = whole[provider].slice(0, { anthropic: 3, openai: 2 }[provider as string] ?? 1);
    const { reply, error, received } = await askOdd(
      provider,
      { frames, ending },
      { silenceMs: ending === "stay" ? 600 : 5_000 },
    );
    expect(reply).toBeNull();
    expect(error).toBeInstanceOf(Error);
    expect(received.text + received.rest).not.toBe("");
  });
});
