import { describe, expect, test } from "vitest";
import { callTool } from "../../lib/agents/mcp/call-tool.ts";
import { listTools } from "../../lib/agents/mcp/list-tools.ts";
import { McpFailure } from "../../lib/agents/mcp/mcp-failure.ts";
import type { McpTool as ReadMcpTool } from "../../lib/agents/mcp/read-tool.ts";
import { openSession } from "../../lib/agents/mcp/session.ts";
import { limits } from "../support/limits.ts";
import { type McpTool, type Odd, startMcpServer } from "./mcp-server.ts";

const inputSchema = { type: "object", properties: { word: { type: "string" } } };
const lookUp: McpTool = {
  name: "look_up",
  inputSchema,
  annotations: { readOnlyHint: true },
  run: ({ word }) => `what ${word} means`,
};
const teach: McpTool = { name: "teach", inputSchema, run: ({ word }) => `learned ${word}` };

type Options = NonNullable<Parameters<typeof startMcpServer>[1]>;

const soon = () => AbortSignal.timeout(limits.waitMs);

const connect = async (options: Options, tools: readonly McpTool[] = [lookUp, teach]) => {
  const server = await startMcpServer(tools, options);
  const session = await openSession({ url: server.url, headers: {} }, soon()).catch(
    async (error: unknown) => {
      await server[Symbol.asyncDispose]();
      throw error;
    },
  );
  const named = (name: string, fields: Partial<ReadMcpTool> = {}): ReadMcpTool => ({
    name,
    description: name,
    inputSchema,
    isReadOnly: false,
    isRepeatable: false,
    ...fields,
  });
  return {
    server,
    session,
    list: () => listTools(session, soon()),
    names: async () => (await listTools(session, soon())).tools.map(({ name }) => name),
    call: (name: string, fields?: Partial<ReadMcpTool>) =>
      callTool(session, named(name, fields), { word: "queue" }, soon()),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
};

/** Does something odd instead of the first answers to a method. */
const oddAt =
  (method: string, ...odds: Odd[]): NonNullable<Options["odd"]> =>
  (message, count) =>
    message.method === method ? odds[count - 1] : undefined;

const failureOf = async (run: Promise<unknown>): Promise<McpFailure> => {
  const error = await run.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(McpFailure);
  return error as McpFailure;
};

test.each([{}, { sse: true as const }])(
  "a good server is listed and called: %o",
  async (options) => {
    await using client = await connect(options);
    expect(await client.names()).toEqual(["look_up", "teach"]);
    expect(await client.call("teach")).toEqual({ text: "learned queue", isError: false });
    expect(client.server.methods.slice(0, 2)).toEqual(["initialize", "notifications/initialized"]);
  },
);

const answerWith = (result: unknown, id: number) => JSON.stringify({ jsonrpc: "2.0", id, result });
const listed = { tools: [{ name: "look_up", inputSchema }] };

describe("what a server writes around an answer does not matter", () => {
  test.each<{ name: string; odd: Odd }>([
    { name: "a batch", odd: { body: `[${answerWith(listed, 2)}]` } },
    { name: "an id as a text", odd: { body: JSON.stringify({ id: "2", result: listed }) } },
    { name: "another id", odd: { body: answerWith(listed, 99) } },
    { name: "error: null", odd: { body: JSON.stringify({ id: 2, error: null, result: listed }) } },
    {
      name: "no content type",
      odd: { body: answerWith(listed, 2), headers: { "content-type": "" } },
    },
    {
      name: "events under another content type",
      odd: {
        body: `data: ${answerWith(listed, 2)}\n\n`,
        headers: { "content-type": "text/plain" },
      },
    },
    {
      name: "a stream that stays open",
      odd: {
        chunks: [
          ": hello\n\n",
          `id: 1\r\nevent: message\r\ndata: ${answerWith(listed, 2)}\r\n\r\n`,
        ],
      },
    },
    {
      name: "a stream with what cannot be read",
      odd: {
        chunks: [
          "data:\n\n",
          "data: {oops\n\n",
          'data: {"jsonrpc":"2.0","method":"notifications/message"}\n\n',
          'data: {"jsonrpc":"2.0","id":"s1","method":"ping"}\n\n',
          `data: ${answerWith(listed, 2).slice(0, 16)}\ndata: ${answerWith(listed, 2).slice(16)}\n\n`,
        ],
      },
    },
  ])("$name", async ({ odd }) => {
    await using client = await connect({ odd: oddAt("tools/list", odd) });
    expect(await client.names()).toEqual(["look_up"]);
  });
});

const good = { name: "good", inputSchema };

test.each([
  { name: "nextCursor: null", result: { tools: [good], nextCursor: null } },
  { name: "nextCursor: false", result: { tools: [good], nextCursor: false }, note: /cursor/ },
  {
    name: "no description",
    result: { tools: [{ ...good, description: null }] },
    note: /description/,
  },
  { name: "no name", result: { tools: [{ inputSchema }, good] }, note: /without a name/ },
  {
    name: "a name that is none",
    result: { tools: [{ ...good, name: 5 }, good] },
    note: /name \(5\)/,
  },
  { name: "null", result: { tools: [null, good, "x", []] }, note: /null \(no tool\).*"?x/s },
  { name: "no schema", result: { tools: [{ name: "good" }] }, note: /takes any/ },
  {
    name: "a schema that is none",
    result: { tools: [{ ...good, inputSchema: [] }] },
    note: /takes any/,
  },
  {
    name: "a schema of a text",
    result: { tools: [good, { name: "odd", inputSchema: { type: "string" } }] },
    note: /odd \(its input is no object\)/,
  },
  { name: "the same name", result: { tools: [good, good] }, note: /second good/ },
  {
    name: "annotations: null",
    result: { tools: [{ ...good, annotations: null, icons: 7, title: {} }] },
  },
  {
    name: "annotations as text",
    result: { tools: [{ ...good, annotations: "x" }] },
    note: /annot/,
  },
  {
    name: "a task",
    result: { tools: [good, { ...good, name: "long", execution: { taskSupport: "required" } }] },
    note: /long \(it runs only as a task/,
  },
  {
    name: "half a pair",
    result: {
      tools: [
        { ...good, description: "a\ud800b" },
        { ...good, name: "x\udc00" },
      ],
    },
    note: /cannot be used/,
  },
])("a list with $name: the rest works", async ({ result, note }) => {
  await using client = await connect({ odd: oddAt("tools/list", { result }) });
  const { tools, notes } = await client.list();
  expect(tools.map(({ name }) => name)).toEqual(["good"]);
  expect(JSON.stringify(tools)).not.toContain("\\ud");
  expect(notes.length > 0).toBe(note !== undefined);
  if (note) expect(notes.join("\n")).toMatch(note);
});

test.each<{ name: string; odd: Odd }>([
  { name: "tools: null", odd: { result: { tools: null } } },
  { name: "an object of tools", odd: { result: { tools: { good } } } },
  { name: "no result", odd: { result: null } },
  { name: "no such method", odd: { error: { code: -32_601, message: "Method not found" } } },
])("a list that is $name is empty, and told", async ({ odd }) => {
  await using client = await connect({ odd: oddAt("tools/list", odd) });
  expect(await client.list()).toMatchObject({ tools: [], notes: [expect.any(String)] });
});

const pageOf = (name: string, nextCursor: unknown): Odd => ({
  result: { tools: [{ name, inputSchema }], nextCursor },
});

test.each([
  { name: "repeats at once", pages: [pageOf("a", "1"), pageOf("b", "1")], names: ["a", "b"] },
  {
    name: "goes in a circle",
    pages: [pageOf("a", "1"), pageOf("b", "2"), pageOf("c", "1")],
    names: ["a", "b", "c"],
  },
  { name: "counts", pages: [pageOf("a", 1), pageOf("b", null)], names: ["a", "b"] },
  { name: "breaks off", pages: [pageOf("a", "1"), { status: 500, body: "oops" }], names: ["a"] },
])("a cursor that $name ends the list", async ({ pages, names }) => {
  await using client = await connect({ odd: oddAt("tools/list", ...(pages as Odd[])) });
  expect(await client.names()).toEqual(names);
});

describe("a session", () => {
  test("that has ended is begun anew, and the call is made once", async () => {
    await using client = await connect({ sessions: true });
    client.server.forget();
    expect(await client.call("teach")).toMatchObject({ text: "learned queue" });
    client.server.forget();
    expect(await client.names()).toEqual(["look_up", "teach"]);
    expect(client.server.calls).toHaveLength(1);
    await client.session.close(soon());
    expect(client.server.methods.at(-1)).toBe("(end)");
  });

  test.each<{ name: string; odd: Odd }>([
    { name: "400", odd: { status: 400, body: "Bad Request: No valid session ID provided" } },
    { name: "404", odd: { status: 404, error: { code: -32_001, message: "Session not found" } } },
    { name: "an error", odd: { error: { code: -32_001, message: "Session expired" } } },
    { name: "any code", odd: { error: { code: -32_000, message: "Server not initialized" } } },
    { name: "a new start", odd: { status: 400, body: "Server not initialized" } },
  ])("that ends with $name is begun anew", async ({ odd }) => {
    await using client = await connect({ odd: oddAt("tools/call", odd) });
    expect(await client.call("teach")).toMatchObject({ text: "learned queue" });
    expect(client.server.methods.filter((method) => method === "initialize")).toHaveLength(2);
  });

  test("that always ends fails after the second time, and nothing was done", async () => {
    const gone: Odd = { status: 404, body: "" };
    await using client = await connect({ odd: oddAt("tools/call", gone, gone, gone) });
    expect(await failureOf(client.call("teach"))).toMatchObject({ status: 404, wasNotDone: true });
    expect(client.server.methods.filter((method) => method === "tools/call")).toHaveLength(2);
  });

  test("that always ends is told as that, not as a wrong address", async () => {
    const gone: Odd = { status: 404, body: "" };
    const odd = oddAt("tools/call", gone, gone);
    await using client = await connect({ sessions: true, odd });
    const failure = await failureOf(client.call("teach"));
    expect(failure).toMatchObject({ kind: "session_ended", wasNotDone: true });
  });

  test.each([
    { name: "read-only", isRepeatable: true, calls: 2 },
    { name: "any other", isRepeatable: false, calls: 1 },
  ])(
    "a connection that breaks off in a call of a tool that is $name",
    async ({ isRepeatable, calls }) => {
      await using client = await connect({ odd: oddAt("tools/call", "reset") });
      const run = client.call("look_up", { isRepeatable });
      if (isRepeatable) expect(await run).toMatchObject({ text: "what queue means" });
      else
        expect(await failureOf(run)).toMatchObject({ kind: "connection_lost", wasNotDone: false });
      expect(client.server.methods.filter((method) => method === "tools/call")).toHaveLength(calls);
    },
  );

  test("a handshake and a list whose connection breaks off are sent again", async () => {
    const odd: Options["odd"] = ({ method }, count) =>
      count === 1 && (method === "initialize" || method === "tools/list") ? "reset" : undefined;
    await using client = await connect({ odd });
    expect(await client.names()).toEqual(["look_up", "teach"]);
  });
});

const stateless =
  (discovered: unknown): NonNullable<Options["odd"]> =>
  (message) => {
    if (message.method === "initialize")
      return { error: { code: -32_601, message: "No." }, status: 404 };
    return message.method === "server/discover" ? { result: discovered } : undefined;
  };

describe("versions", () => {
  test.each(["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", null])(
    "%s is spoken",
    async (protocolVersion) => {
      const result = { protocolVersion, capabilities: null, serverInfo: null };
      await using client = await connect({ odd: oddAt("initialize", { result }) });
      expect(await client.names()).toHaveLength(2);
    },
  );

  test("a server that refuses the newest is asked in an older one that it names", async () => {
    const error = { code: -32_602, message: "No.", data: { supported: ["2024-11-05"] } };
    const odd = oddAt("initialize", { error });
    await using client = await connect({ odd });
    expect(await client.names()).toHaveLength(2);
  });

  test("one that nobody knows is told by its name", async () => {
    const result = { protocolVersion: "2199-01-01", capabilities: {} };
    const failure = await failureOf(connect({ odd: oddAt("initialize", { result }) }));
    expect(failure).toMatchObject({
      kind: "protocol_version",
      said: expect.stringContaining("2199"),
    });
  });

  test("a server without a handshake is found by server/discover", async () => {
    await using client = await connect({ odd: stateless({ supportedVersions: ["2026-07-28"] }) });
    expect(await client.names()).toHaveLength(2);
    expect(await client.call("look_up")).toMatchObject({ text: "what queue means" });
    expect(client.server.methods).not.toContain("notifications/initialized");
  });

  test.each<{ name: string; odd: Odd }>([
    { name: "202", odd: { status: 202, body: "" } },
    { name: "405", odd: { status: 405, body: "" } },
    { name: "an error", odd: { error: { code: -1, message: "What?" } } },
    { name: "a page", odd: { status: 404, body: "<html></html>" } },
  ])("a server that answers server/discover with $name is used all the same", async ({ odd }) => {
    await using client = await connect({ odd: oddAt("server/discover", odd) });
    expect(await client.names()).toHaveLength(2);
  });

  test("a notification that is not taken does not matter", async () => {
    const odd = oddAt("notifications/initialized", { status: 400, body: "What?" });
    await using client = await connect({ odd });
    expect(await client.names()).toHaveLength(2);
  });
});

const html = "<!DOCTYPE html><html><body>Welcome</body></html>";

test.each<{ odd: Odd; kind: string; text: RegExp }>([
  { odd: { status: 302, body: "", headers: { location: "/x" } }, kind: "redirect", text: /302/ },
  { odd: { status: 308, body: "", headers: { location: "/x" } }, kind: "redirect", text: /308/ },
  { odd: { status: 401, body: "" }, kind: "key_refused", text: /401/ },
  { odd: { status: 403, body: html }, kind: "forbidden", text: /403/ },
  { odd: { status: 404, body: html }, kind: "not_found", text: /404/ },
  { odd: { status: 429, body: "" }, kind: "rate_limited", text: /429/ },
  { odd: { status: 500, body: "" }, kind: "server_error", text: /500/ },
  { odd: { status: 503, body: "" }, kind: "unavailable", text: /503/ },
  {
    odd: { body: html, headers: { "content-type": "text/html" } },
    kind: "web_page",
    text: /web page/,
  },
  { odd: { body: "pong" }, kind: "not_json", text: /not JSON/ },
  { odd: { body: "{" }, kind: "not_json", text: /not JSON/ },
  { odd: { status: 202, body: "" }, kind: "empty_answer", text: /empty/ },
  { odd: { error: { code: -32_000, message: "No." } }, kind: "refused", text: /error/ },
  { odd: "reset", kind: "connection_lost", text: /broke/ },
])("a server that answers with $kind is told by its name", async ({ odd, kind, text }) => {
  const always: Options["odd"] = () => odd;
  const failure = await failureOf(connect({ odd: always }));
  expect(failure.kind).toBe(kind);
  expect(failure.message).toMatch(text);
});

const opening = (url: string, signal = soon()) =>
  failureOf(openSession({ url, headers: {} }, signal));

test("who is not there, speaks no TLS or is silent is told by its name", async () => {
  await using server = await startMcpServer([], { odd: () => "hang" });
  const gone = await startMcpServer([]);
  await gone[Symbol.asyncDispose]();
  for (const url of [gone.url, "http://127.0.0.1:1/mcp"])
    expect(await opening(url)).toMatchObject({ kind: "unreachable", wasNotDone: true });
  expect(await opening(server.url.replace("http:", "https:"))).toMatchObject({ kind: "tls" });
  expect(await opening(server.url, AbortSignal.timeout(30))).toMatchObject({ kind: "timeout" });
});

test.each<{ name: string; result: unknown; text: string }>([
  {
    name: "text: null",
    result: {
      content: [
        { type: "text", text: null },
        { type: "text", text: "ok" },
      ],
    },
    text: "ok\n[a text that cannot be read]",
  },
  { name: "no content", result: {}, text: "(the answer is empty)" },
  { name: "null", result: null, text: "(the answer is empty)" },
  { name: "a text", result: "done", text: "done" },
  { name: "content as a text", result: { content: "done" }, text: "done" },
])("a tool that answers with $name has done its work", async ({ result, text }) => {
  await using client = await connect({ odd: oddAt("tools/call", { result }) });
  expect(await client.call("teach")).toEqual({ text, isError: false });
});

const event = { "content-type": "text/event-stream" };
const ended: Odd = { body: "id: e1\nretry: 1\ndata:\n\n", headers: event };

const inStream = (...messages: readonly object[]): Odd => ({
  body: messages.map((message) => `data: ${JSON.stringify(message)}\n\n`).join(""),
  headers: event,
});
const done = { content: "done" };

test.each<{ name: string; odd: Odd }>([
  { name: "another id", odd: inStream({ jsonrpc: "2.0", id: 99, result: done }) },
  { name: "no id", odd: inStream({ jsonrpc: "2.0", result: done }) },
  { name: "id: null", odd: inStream({ jsonrpc: "2.0", id: null, result: done }) },
  { name: "no message around it", odd: { body: JSON.stringify({ content: ["done"] }) } },
])("a result with $name is the answer, as there is no other", async ({ odd }) => {
  await using client = await connect({ odd: oddAt("tools/call", odd) });
  expect(await client.call("teach")).toMatchObject({ text: "done" });
});

test("a server that asks without end in a stream is answered fifty times", async () => {
  const pings = Array.from({ length: 300 }, (_, id) => ({ jsonrpc: "2.0", id, method: "ping" }));
  const odd = inStream(...pings, { jsonrpc: "2.0", id: "2", result: done });
  await using client = await connect({ odd: oddAt("tools/call", odd) });
  await client.call("teach");
  await client.list();
  expect(client.server.methods.filter((method) => method === "").length).toBeLessThanOrEqual(50);
});

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

test("what is nested too deep is left out, and the rest is read", async () => {
  const texts = `[{"type":"text","text":"done"},{"type":"text","text":${nested(20_000)}}]`;
  const result = `{"content":${texts},"structuredContent":${nested(20_000)}}`;
  const tools = `[${nested(20_000)},{"name":${nested(20_000)}},${JSON.stringify(lookUp)}]`;
  const odd: Options["odd"] = ({ method, id }) => {
    const odds: Record<string, string> = {
      "tools/call": result,
      "tools/list": `{"tools":${tools}}`,
    };
    const body = odds[method ?? ""];
    return body ? { body: `{"jsonrpc":"2.0","id":${id},"result":${body}}` } : undefined;
  };
  await using client = await connect({ odd });
  expect((await client.call("teach")).text).toMatch(/^done\n\[/);
  expect(await client.names()).toEqual(["look_up"]);
});

test("a tool whose schema has its types in capitals is used", async () => {
  const result = { tools: [{ name: "look_up", inputSchema: { type: "OBJECT" } }] };
  await using client = await connect({ odd: oddAt("tools/list", { result }) });
  expect(await client.names()).toEqual(["look_up"]);
});

test.each([429, 503])("a server that answers %i is asked again when it says to", async (status) => {
  const busy: Odd = { status, body: "Busy.", headers: { "retry-after": "0" } };
  await using client = await connect({
    odd: ({ method }, count) => (method !== "" && count === 1 ? busy : undefined),
  });
  expect(await client.names()).toEqual(["look_up", "teach"]);
  expect(await client.call("teach")).toMatchObject({ text: "learned queue" });
  expect(client.server.calls).toHaveLength(1);
});

test.each(["3600", "soon", ""])(
  "a busy server is not waited for with retry-after: %j",
  async (after) => {
    const busy: Odd = { status: 429, body: "Busy.", headers: { "retry-after": after } };
    await using client = await connect({ odd: oddAt("tools/call", busy) });
    const failure = await failureOf(client.call("teach"));
    expect(failure).toMatchObject({ kind: "rate_limited", wasNotDone: true });
    expect(client.server.methods.filter((method) => method === "tools/call")).toHaveLength(1);
  },
);

test("a tool that requires what its schema does not allow can be used, and it is told", async () => {
  const closed = {
    type: "object",
    properties: {},
    required: ["ghost"],
    additionalProperties: false,
  };
  const inputSchema = { ...closed, properties: { a: closed }, required: ["a", "ghost"] };
  const result = { tools: [{ name: "look_up", inputSchema }] };
  await using client = await connect({ odd: oddAt("tools/list", { result }) });
  const { tools, notes } = await client.list();
  const mended = { properties: { a: { required: [] } }, required: ["a"] };
  expect(tools[0]?.inputSchema).toMatchObject(mended);
  expect(notes).toEqual(["look_up: requires what its schema does not allow"]);
});

test("a stream that is closed before the answer is opened again where it stopped", async () => {
  const resume = (id: string) => `data: ${answerWith({ content: `after ${id}` }, 2)}\n\n`;
  await using client = await connect({ odd: oddAt("tools/call", ended), resume });
  expect(await client.call("teach")).toMatchObject({ text: "after e1" });
});

test("a stream that ends before the answer for good is told: nobody knows what was done", async () => {
  await using client = await connect({ odd: oddAt("tools/call", ended) });
  const failure = await failureOf(client.call("teach"));
  expect(failure).toMatchObject({ kind: "connection_lost", wasNotDone: false });
});
