import { jsonSchema, type ToolSet, tool } from "ai";
import { expect, test } from "vitest";
import { answerText, askOdd, binary } from "./odd-answer.ts";
import type { Frame, Provider } from "./wire.ts";

const tools: ToolSet = Object.fromEntries([
  ["lookup", tool({ inputSchema: jsonSchema({ type: "object" }) })],
]);

const data = (...events: unknown[]) => events.map((each) => `data: ${JSON.stringify(each)}\n\n`);

/** A call of a tool on each wire. */
const calls: Readonly<Record<Provider, (name: string, input: string) => readonly Frame[]>> = {
  "openai-chat": (name, input) =>
    data(
      { choices: [{ delta: { tool_calls: [{ id: "a", function: { name, arguments: input } }] } }] },
      { choices: [{ delta: {}, finish_reason: "tool_calls" }] },
    ),
  openai: (name, input) =>
    data(
      {
        type: "response.output_item.done",
        output_index: 0,
        item: { type: "function_call", call_id: "a", name, arguments: input },
      },
      { type: "response.completed", response: {} },
    ),
  anthropic: (name, input) =>
    data(
      { type: "content_block_start", index: 0, content_block: { type: "tool_use", name } },
      {
        type: "content_block_delta",
        index: 0,
        delta: { type: "input_json_delta", partial_json: input },
      },
      { type: "message_delta", delta: { stop_reason: "tool_use" } },
      { type: "message_stop" },
    ),
  google: (name, input) =>
    data({
      candidates: [
        {
          content: { parts: [{ functionCall: { name, args: JSON.parse(input) } }] },
          finishReason: "STOP",
        },
      ],
    }),
  bedrock: (name, input) =>
    binary([
      ["contentBlockStart", { start: { toolUse: { name } } }],
      ["contentBlockDelta", { delta: { toolUse: { input } } }],
      ["messageStop", { stopReason: "tool_use" }],
    ]),
};

const providers = Object.keys(calls) as Provider[];

test.each(providers)("%s: an answer in a tool that the model made up counts", async (provider) => {
  for (const name of ["final_answer", "json", "functions.respond"]) {
    const frames = calls[provider](name, answerText);
    const { reply } = await askOdd(provider, { frames }, { tools, schemaField: false });
    expect(reply).toMatchObject({ text: answerText, calls: [] });
  }
});

test.each(providers)("%s: what calls a tool that there is stays a call", async (provider) => {
  const frames = calls[provider]("lookup", answerText);
  const { reply } = await askOdd(provider, { frames }, { tools, schemaField: false });
  expect(reply?.calls).toMatchObject([{ name: "lookup" }]);
});

test.each(providers)("%s: no answer in a made up tool stays a call", async (provider) => {
  const frames = calls[provider]("search", '{"q":"x"}');
  const { reply } = await askOdd(provider, { frames }, { tools, schemaField: false });
  expect(reply?.calls).toMatchObject([{ name: "search", input: { q: "x" } }]);
});
