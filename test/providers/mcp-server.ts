import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Json, sse } from "./wire.ts";

export type McpTool = {
  name: string;
  description?: string;
  inputSchema: Json;
  annotations?: Json;
  /** What it gives is sent as text (JSON unless it is a string); what it throws as `isError`. */
  run: (input: Json) => unknown;
};

type Options = {
  /** Answers come as an event stream instead of one JSON document. */
  sse?: true;
  /** Asked for as `Authorization: Bearer <token>`; without it: 401. */
  token?: string;
  /** How many tools a page of the list has; all without it. */
  page?: number;
};

type McpCall = { name: string; input: Json };

type Message = { id?: number | string; method?: string; params?: Json };

type Books = { tools: readonly McpTool[]; options: Options; calls: McpCall[]; methods: string[] };

/** The version before the stateless one: https://modelcontextprotocol.io/specification/2025-11-25 */
const protocolVersion = "2025-11-25";

const call = async ({ tools, calls }: Books, { name, arguments: given }: Json): Promise<Json> => {
  const tool = tools.find((one) => one.name === name);
  if (!tool) throw new Error(`Unknown tool: ${name}`);
  const input = (given ?? {}) as Json;
  calls.push({ name: tool.name, input });
  try {
    const result = await tool.run(input);
    const text = typeof result === "string" ? result : JSON.stringify(result);
    return { content: [{ type: "text", text }] };
  } catch (error) {
    return { content: [{ type: "text", text: String(error) }], isError: true };
  }
};

const list = ({ tools, options }: Books, { cursor }: Json): Json => {
  const from = Number(cursor ?? 0);
  const next = from + (options.page ?? tools.length);
  return {
    tools: tools.slice(from, next).map(({ run: _, ...tool }) => tool),
    ...(next < tools.length && { nextCursor: String(next) }),
  };
};

const methods: Record<string, (books: Books, params: Json) => Json | Promise<Json>> = {
  initialize: () => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "test-tools", version: "1.0.0" },
  }),
  ping: () => ({}),
  "tools/list": list,
  "tools/call": call,
};

const answerTo = async (books: Books, { id, method = "", params = {} }: Message): Promise<Json> => {
  const head = { jsonrpc: "2.0", id };
  const answer = methods[method];
  if (!answer) return { ...head, error: { code: -32601, message: `Method not found: ${method}` } };
  try {
    return { ...head, result: await answer(books, params) };
  } catch (error) {
    return { ...head, error: { code: -32602, message: (error as Error).message } };
  }
};

const post = async (books: Books, request: IncomingMessage, response: ServerResponse) => {
  const text = Buffer.concat(await request.toArray()).toString();
  const message = JSON.parse(text) as Message;
  books.methods.push(message.method ?? "");
  if (message.id === undefined) {
    response.writeHead(202).end();
    return;
  }
  const answer = await answerTo(books, message);
  const [type, body] = books.options.sse
    ? ["text/event-stream", sse(answer, "message")]
    : ["application/json", JSON.stringify(answer)];
  response.writeHead(200, { "content-type": type }).end(body);
};

const handle = async (books: Books, request: IncomingMessage, response: ServerResponse) => {
  const { token } = books.options;
  if (token && request.headers.authorization !== `Bearer ${token}`) {
    response.writeHead(401, { "www-authenticate": "Bearer" }).end();
    return;
  }
  if (request.url !== "/mcp") {
    response.writeHead(404).end();
    return;
  }
  if (request.method !== "POST") {
    response.writeHead(405, { allow: "POST" }).end();
    return;
  }
  await post(books, request, response);
};

/** An MCP server with these tools over Streamable HTTP on 127.0.0.1, without sessions. */
export const startMcpServer = async (tools: readonly McpTool[], options: Options = {}) => {
  const books: Books = { tools, options, calls: [], methods: [] };
  const server = createServer((request, response) => {
    void handle(books, request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    /** Every call of a tool, in order. */
    calls: books.calls,
    /** The method of every message, in order. */
    methods: books.methods,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
