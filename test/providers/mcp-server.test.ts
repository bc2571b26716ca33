import { createMCPClient } from "@ai-sdk/mcp";
import { expect, test } from "vitest";
import { type McpTool, startMcpServer } from "./mcp-server.ts";

const lookup: McpTool = {
  name: "lookup",
  description: "Looks a word up.",
  inputSchema: { type: "object", properties: { word: { type: "string" } }, required: ["word"] },
  annotations: { readOnlyHint: true },
  run: ({ word }) => {
    if (word === "secret") throw new Error("That is not in the book.");
    return { meaning: `what ${word} means` };
  },
};

const connect = (url: string, headers: Record<string, string> = {}) =>
  createMCPClient({ transport: { type: "http", url, headers } });

test.each([{}, { sse: true as const }])("the real client lists and calls: %o", async (options) => {
  await using server = await startMcpServer([lookup], options);
  const client = await connect(server.url);
  const { tools } = await client.listTools();
  expect(tools).toMatchObject([{ name: "lookup", annotations: { readOnlyHint: true } }]);
  const made = await client.tools();
  const context = { toolCallId: "t1", messages: [], context: {} };
  expect(await made.lookup?.execute({ word: "queue" }, context)).toMatchObject({
    content: [{ type: "text", text: '{"meaning":"what queue means"}' }],
  });
  expect(await made.lookup?.execute({ word: "secret" }, context)).toMatchObject({
    isError: true,
    content: [{ text: "Error: That is not in the book." }],
  });
  expect(server.calls).toEqual([
    { name: "lookup", input: { word: "queue" } },
    { name: "lookup", input: { word: "secret" } },
  ]);
  expect(server.methods).toContain("notifications/initialized");
  await client.close();
});

test("without its token a client is not let in", async () => {
  await using server = await startMcpServer([lookup], { token: "fake-token" });
  await expect(connect(server.url)).rejects.toThrow(/401/);
  const client = await connect(server.url, { authorization: "Bearer fake-token" });
  expect((await client.listTools()).tools).toHaveLength(1);
  await client.close();
});
