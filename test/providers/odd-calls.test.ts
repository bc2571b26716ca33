import { jsonSchema, type ToolSet, tool } from "ai";
import { expect, test } from "vitest";
import { answerText, askOdd, binary } from "./odd-answer.ts";
import type { Frame, Provider } from "./wire.ts";

const input = { word: "queue", list: [1, { a: "}" }] };
const text = JSON.stringify(input);
const [first, second] = [text.slice(0, 9), text.slice(9)];

const tools: ToolSet = Object.fromEntries([
  ["lookup", tool({ inputSchema: jsonSchema({ type: "object" }) })],
]);

const data = (...events: unknown[]) =>
  events.map((each) => `data: ${typeof each === "string" ? each : JSON.stringify(each)}\n\n`);
const chat = (...tool_calls: unknown[]) => ({ choices: [{ index: 0, delta: { tool_calls } }] });
const ends = (finish_reason: unknown) => ({ choices: [{ index: 0, delta: {}, finish_reason }] });
const fn = (args: unknown, name?: string) => ({ function: { name, arguments: args } });

const started = { type: "message_start", message: {} };
const toolBlock = (given: object, ...deltas: object[]) => [
  {
    ...{ type: "content_block_start", index: 0 },
    content_block: { type: "tool_use", name: "lookup", ...given },
  },
  ...deltas.map((delta) => ({ type: "content_block_delta", index: 0, delta })),
];
const json = (partial_json: unknown) => ({ type: "input_json_delta", partial_json });

const item = { type: "function_call", id: "i", name: "lookup" };
const added = { type: "response.output_item.added", output_index: 0, item };
const piece = (delta: unknown) => ({
  ...{ type: "response.function_call_arguments.delta", output_index: 0, delta },
});

type Row = [provider: Provider, name: string, frames: readonly Frame[]];

const one: Row[] = [
  [
    "openai-chat",
    "no index, id or type",
    data(chat(fn(first, "lookup")), chat(fn(second)), "[DONE]"),
  ],
  [
    "openai-chat",
    "an empty type, an index in a text",
    data(
      chat({ index: "0", id: "", type: "", ...fn(first, "lookup") }),
      chat({ index: "0", id: null, type: "", ...fn(second, "") }),
      ends("stop"),
    ),
  ],
  [
    "openai-chat",
    "the input as an object",
    data(chat({ type: null, ...fn(input, "lookup") }), ends("tool_calls")),
  ],
  [
    "openai-chat",
    "the name in each piece",
    data(chat(fn(first, "lookup")), chat(fn(second, "lookup")), ends("tool_calls")),
  ],
  [
    "openai-chat",
    "ids that change",
    data(
      chat({ index: 0, id: "a", ...fn(first, "lookup") }),
      chat({ index: 0, id: "b", ...fn(second) }),
      ends("tool_calls"),
    ),
  ],
  [
    "openai-chat",
    "the name late",
    data(chat({ id: "a", ...fn("") }), chat({ id: "a", ...fn(text, "lookup") }), ends("")),
  ],
  [
    "openai-chat",
    "function_call of the old API",
    data(
      { choices: [{ delta: { function_call: { name: "lookup", arguments: first } } }] },
      { choices: [{ delta: { function_call: { arguments: second } } }] },
      ends("function_call"),
    ),
  ],
  ["openai-chat", "no end, but whole", data(chat(fn(text, "lookup")))],
  [
    "openai-chat",
    "JSON for a stream",
    [
      JSON.stringify({
        choices: [
          { message: { content: null, tool_calls: [{ type: "", ...fn(input, "lookup") }] } },
        ],
      }),
    ],
  ],
  [
    "openai-chat",
    "one call, no list",
    data({ choices: [{ delta: { tool_calls: fn(text, "lookup") } }] }, ends("stop")),
  ],
  [
    "anthropic",
    "no id, no end of its block",
    data(started, ...toolBlock({}, json(first), json(second)), { type: "message_stop" }),
  ],
  [
    "anthropic",
    "its input in its beginning",
    data(started, ...toolBlock({ id: "t", input }), { type: "message_stop" }),
  ],
  [
    "anthropic",
    "its input as an object",
    data(started, ...toolBlock({ input: {} }, json(input)), {
      type: "message_delta",
      delta: { stop_reason: "end_turn" },
    }),
  ],
  [
    "anthropic",
    "no end, but whole",
    data(started, ...toolBlock({}, json(text)), { type: "content_block_stop", index: 0 }),
  ],
  [
    "anthropic",
    "JSON for a stream",
    [JSON.stringify({ type: "message", content: [{ type: "tool_use", name: "lookup", input }] })],
  ],
  [
    "openai",
    "no call_id, no end",
    data(added, piece(first), piece(second), { type: "response.completed" }),
  ],
  [
    "openai",
    "its input as an object",
    data(
      { type: "response.output_item.done", item: { ...item, arguments: input } },
      { type: "response.completed", response: {} },
    ),
  ],
  [
    "openai",
    "no completed",
    data(added, piece(text), { type: "response.output_item.done", output_index: 0, item }),
  ],
  [
    "google",
    "its input in a text",
    data({
      candidates: [{ content: { parts: [{ functionCall: { name: "lookup", args: text } }] } }],
    }),
  ],
  [
    "google",
    "in other letters",
    data({
      candidates: [
        {
          content: { parts: { function_call: { name: "lookup", args: input } } },
          finishReason: "tool_calls",
        },
      ],
    }),
  ],
  [
    "bedrock",
    "its input as an object, no id",
    binary([
      ["contentBlockStart", { start: { toolUse: { name: "lookup" } } }],
      ["contentBlockDelta", { delta: { toolUse: { input } } }],
      ["messageStop", {}],
    ]),
  ],
  [
    "bedrock",
    "JSON for a stream",
    [
      JSON.stringify({
        output: { message: { content: [{ toolUse: { name: "lookup", input } }] } },
        stopReason: "end_turn",
      }),
    ],
  ],
];

test.each(one)("%s: a call with %s is read", async (provider, _, frames) => {
  const { reply, error } = await askOdd(provider, { frames }, { tools });
  expect(error).toBeNull();
  expect(reply?.calls).toMatchObject([{ name: "lookup", input, problem: null }]);
});

const other = { word: "other" };

test.each([
  ["no indexes", [chat(fn(input, "lookup")), chat(fn(other, "lookup"))]],
  [
    "one index for both",
    [
      chat({ index: 0, id: "a", ...fn(text, "lookup") }),
      chat({ index: 0, id: "b", ...fn(JSON.stringify(other), "lookup") }),
    ],
  ],
  [
    "one id for both",
    [
      chat(
        { index: 0, id: "a", ...fn(text, "lookup") },
        { index: 1, id: "a", ...fn(other, "lookup") },
      ),
    ],
  ],
  [
    "pieces in turn",
    [
      chat({ index: 0, ...fn("", "lookup") }, { index: 1, ...fn("", "lookup") }),
      chat({ index: 0, ...fn(text) }, { index: 1, ...fn(JSON.stringify(other)) }),
    ],
  ],
])("two calls with %s stay two", async (_, events) => {
  const { reply } = await askOdd(
    "openai-chat",
    { frames: data(...events, ends("stop")) },
    { tools },
  );
  expect(reply?.calls.map((call) => call.input)).toEqual([input, other]);
  expect(new Set(reply?.calls.map(({ id }) => id)).size).toBe(2);
});

test.each<Row>([
  ["openai-chat", "half its input", data(chat(fn(first, "lookup")))],
  ["openai-chat", "no input yet", data(chat(fn("", "lookup")))],
  ["anthropic", "half its input", data(started, ...toolBlock({}, json(first)))],
  ["openai", "half its input", data(added, piece(first))],
  [
    "bedrock",
    "half its input",
    binary([
      ["contentBlockStart", { start: { toolUse: { name: "lookup" } } }],
      ["contentBlockDelta", { delta: { toolUse: { input: first } } }],
    ]),
  ],
])("%s: a call that broke off with %s fails", async (provider, _, frames) => {
  const { reply, error } = await askOdd(provider, { frames }, { tools });
  expect({ reply, error: error?.name }).toEqual({ reply: null, error: "BrokenReply" });
});

const failed: Row[] = [
  ["openai-chat", "an object", data({ error: { message: "Overloaded", code: 503 } })],
  ["openai-chat", "a text", data({ error: "Overloaded" })],
  ["openai-chat", "at the top", data({ object: "error", message: "Overloaded", code: "x" })],
  ["openai-chat", "JSON for a stream", [JSON.stringify({ error: { message: "Overloaded" } })]],
  ["openai", "nested", data({ type: "error", error: { message: "Overloaded" } })],
  ["openai", "at the top", data({ type: "error", message: "Overloaded", code: null })],
  [
    "openai",
    "of the response",
    data({ type: "response.failed", response: { error: { message: "Overloaded" } } }),
  ],
  [
    "openai",
    "JSON for a stream",
    [JSON.stringify({ object: "response", status: "failed", error: { message: "Overloaded" } })],
  ],
  ["anthropic", "nested", data(started, { type: "error", error: { message: "Overloaded" } })],
  ["anthropic", "a text", data({ error: "Overloaded" })],
  ["google", "an object", data({ error: { message: "Overloaded", code: 503 } })],
  ["google", "a list of JSON", [JSON.stringify([{ error: { message: "Overloaded" } }])]],
  ["bedrock", "JSON for a stream", [JSON.stringify({ message: "Overloaded" })]],
  ["bedrock", "an exception", binary([["throttlingException", { message: "Overloaded" }]])],
];

test.each(failed)("%s: an error as %s arrives, also after text", async (provider, _, frames) => {
  const { error } = await askOdd(provider, { frames });
  expect(error?.message).toBe("Overloaded");
});

test("a frame that is broken before the end is a failure: a word may be missing", async () => {
  const frames = data(
    { choices: [{ delta: { content: answerText.slice(0, -1) } }] },
    '{"choices":[{"del',
    {
      choices: [{ delta: { content: "}" }, finish_reason: "stop" }],
    },
  );
  const { reply, error } = await askOdd("openai-chat", { frames });
  expect({ reply, name: error?.name }).toEqual({ reply: null, name: "AI_JSONParseError" });
});

test("odd counts of tokens pass as numbers or not at all", async () => {
  const counted = (usage: unknown) =>
    askOdd("openai-chat", { frames: data(ends("stop"), { choices: [], usage }) });
  const odd = {
    prompt_tokens: "12",
    completion_tokens: -3,
    prompt_tokens_details: { cached_tokens: null },
  };
  expect((await counted(odd)).reply?.tokens).toMatchObject({ input_tokens: 12, output_tokens: -3 });
  const huge =
    '{"choices":[],"usage":{"prompt_tokens":1e400,"completion_tokens":18446744073709551615}}';
  const { reply } = await askOdd("openai-chat", { frames: data(ends("stop"), huge) });
  expect(reply?.tokens?.output_tokens).toBe(18446744073709552000);
  expect((await counted({ prompt_tokens: null, completion_tokens: "x" })).reply?.tokens).toBeNull();
});
