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
  /** A session begins with `initialize`, and every other message must name it: 404 otherwise. */
  sessions?: true;
  /** What a stream goes on with that is opened again after the event `id`. */
  resume?: (id: string) => string;
  /** What is done in place of the proper answer to a message. `count` is 1 for the first one of its method. */
  odd?: (message: Message, count: number) => Odd | undefined;
};

/** An answer that no good server gives. `chunks` are written one by one, and the response is left open. */
export type Odd =
  | { status?: number; headers?: Record<string, string>; body: string }
  | { result: unknown }
  | { error: unknown; status?: number }
  | { chunks: string[] }
  | "hang"
  | "reset";

type McpCall = { name: string; input: Json };

type Message = { id?: number | string; method?: string; params?: Json };

type Books = {
  tools: readonly McpTool[];
  options: Options;
  calls: McpCall[];
  methods: string[];
  /** The session that is open now. */
  session: string | null;
  begun: number;
};

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

const beOdd = (odd: Odd, { id }: Message, response: ServerResponse) => {
  if (odd === "hang") return;
  if (odd === "reset") {
    response.destroy();
    return;
  }
  if ("body" in odd) {
    const headers = { "content-type": "application/json", ...odd.headers };
    response.writeHead(odd.status ?? 200, headers).end(odd.body);
    return;
  }
  if ("chunks" in odd) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const chunk of odd.chunks) response.write(chunk);
    return;
  }
  const status = "status" in odd ? (odd.status ?? 200) : 200;
  const body = { jsonrpc: "2.0", id, ...odd, status: undefined };
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
};

/** Begins a session, or says whether the message is in the one that is open. */
const isInSession = (
  books: Books,
  { method }: Message,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): boolean => {
  if (!books.options.sessions) return true;
  if (method !== "initialize") return request.headers["mcp-session-id"] === books.session;
  books.begun += 1;
  books.session = `session-${books.begun}`;
  response.setHeader("mcp-session-id", books.session);
  return true;
};

const post = async (books: Books, request: IncomingMessage, response: ServerResponse) => {
  const text = Buffer.concat(await request.toArray()).toString();
  const message = JSON.parse(text) as Message;
  books.methods.push(message.method ?? "");
  const count = books.methods.filter((method) => method === message.method).length;
  const odd = books.options.odd?.(message, count);
  if (odd) {
    beOdd(odd, message, response);
    return;
  }
  if (!isInSession(books, message, { request, response })) {
    response.writeHead(404).end();
    return;
  }
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
  if (request.method === "DELETE" && books.options.sessions) {
    books.methods.push("(end)");
    books.session = null;
    response.writeHead(200).end();
    return;
  }
  const { resume } = books.options;
  if (request.method === "GET" && resume) {
    const after = String(request.headers["last-event-id"]);
    response.writeHead(200, { "content-type": "text/event-stream" }).end(resume(after));
    return;
  }
  if (request.method !== "POST") {
    response.writeHead(405, { allow: "POST" }).end();
    return;
  }
  await post(books, request, response);
};

/** An MCP server with these tools over Streamable HTTP on 127.0.0.1, without sessions unless they are asked for. */
export const startMcpServer = async (tools: readonly McpTool[], options: Options = {}) => {
  const books: Books = { tools, options, calls: [], methods: [], session: null, begun: 0 };
  const server = createServer((request, response) => {
    void handle(books, request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    /** Every call of a tool, in order. */
    calls: books.calls,
    /** The method of every message, in order; `(end)` where a session was ended. */
    methods: books.methods,
    /** Forgets the session, as a server does that is started anew. */
    forget: () => {
      books.session = null;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
