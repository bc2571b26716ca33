import { expect, test } from "vitest";
import { type McpTool, startMcpServer } from "../providers/mcp-server.ts";
import type { Json, ModelCall } from "../providers/wire.ts";
import { good, startModels, withAgent } from "../support/models-backend.ts";

const annotations = { readOnlyHint: true };
const odd: readonly McpTool[] = [
  { name: "bare", inputSchema: { type: "object" }, annotations, run: () => " \n" },
  {
    name: "find",
    description: "Half a pair: \ud83d",
    annotations,
    inputSchema: {
      $schema: "http://json-schema.org/draft-04/schema#",
      type: "object",
      properties: {
        $filter: { type: "string" },
        rows: { type: "array", items: { $ref: "#/definitions/row" } },
        id: { type: ["string", "null"] },
      },
      anyOf: [{ required: ["$filter"] }, { required: ["id"] }],
      definitions: { row: { type: "object", properties: { "@id": { const: 1 } } } },
    },
    run: () => "",
  },
];

const wires = [
  "openai",
  "openai/gpt-4o-mini",
  "anthropic",
  "google",
  "bedrock",
  "bedrock/amazon.nova-lite-v1:0",
];

/** The input that a model writes, with the names that it was given. */
const inputFor = (call: ModelCall): Json => {
  const found = call.tools.find(({ name }) => name === "odd__find");
  const { rows, ...rest } = (found?.schema.properties ?? {}) as Record<string, Json>;
  const [filter] = Object.keys(rest);
  const items = rows?.items as { properties?: Json } | undefined;
  const [id = ""] = Object.keys(items?.properties ?? {});
  return { [filter ?? ""]: "a eq 1", rows: [{ [id]: 1 }] };
};

test.each(wires)(
  "%s takes odd tools; their server gets its own names, and no text is blank",
  async (model) => {
    await using server = await startMcpServer(odd);
    await using backend = await startModels(
      (call, index) => {
        if (index === 0) return { tool_calls: [{ name: "odd__find", input: inputFor(call) }] };
        if (index === 1) return { tool_calls: [{ name: "odd__bare", input: {} }] };
        return good(call, index);
      },
      {
        AGENT_MODELS: `*=${model}`,
        MODEL_FALLBACK: "none",
        ...(model.includes("4o") && { OPENAI_API: "chat" }),
        MCP_SERVERS: JSON.stringify({ odd: { url: server.url } }),
      },
      { agents: withAgent("coder", { tools: ["mcp:odd"] }) },
    );
    const { task, models } = await backend.run();
    expect(backend.providers.refusals).toEqual([]);
    expect(task).toMatchObject({ status: "completed", attempt: 1 });
    expect(models).toHaveLength(3);
    expect(server.calls).toEqual([
      { name: "find", input: { $filter: "a eq 1", rows: [{ "@id": 1 }] } },
      { name: "bare", input: {} },
    ]);
    const last = backend.providers.calls.at(-1);
    const results = last?.messages.flatMap(({ tool_results }) => tool_results) ?? [];
    expect(results).toHaveLength(2);
    for (const { output } of results) expect(output).toContain("empty)");
    const [call] = last?.messages.flatMap(({ tool_calls }) => tool_calls) ?? [];
    expect(Object.keys(call?.input as Json)).not.toContain("$filter");
    expect(JSON.stringify(backend.providers.calls.map(({ raw }) => raw))).not.toMatch(
      /\\ud[89a-f]/i,
    );
  },
);

test("a tool that its provider refuses all the same is left out, told, and the rest works", async () => {
  await using server = await startMcpServer(odd);
  await using backend = await startModels(
    (call, index) =>
      call.tools.some(({ name }) => name === "odd__find")
        ? { status: 400, error: { message: "Invalid schema for function 'odd__find': no." } }
        : good(call, index),
    {
      AGENT_MODELS: "*=openai",
      MODEL_FALLBACK: "none",
      MCP_SERVERS: JSON.stringify({ odd: { url: server.url } }),
    },
    { agents: withAgent("coder", { tools: ["mcp:odd"] }) },
  );
  const { task, said } = await backend.run();
  expect(task).toMatchObject({ status: "completed", attempt: 1 });
  expect(backend.providers.calls.map(({ tools }) => tools.length)).toEqual([2, 1]);
  expect(said.join("\n")).toContain("does not take the tool odd__find: it is left out");
});
