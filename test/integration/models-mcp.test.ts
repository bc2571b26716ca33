import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import type { Clock } from "../../lib/adapters/clock.ts";
import { type McpTool, startMcpServer } from "../providers/mcp-server.ts";
import type { ModelCall, Reply, Script } from "../providers/wire.ts";
import { movableClock } from "../support/clock.ts";
import { answering, inTurn, startModels, withAgent } from "../support/models-backend.ts";

const inputSchema = {
  type: "object",
  properties: { word: { type: "string" } },
  required: ["word"],
};

const tools: readonly McpTool[] = [
  {
    name: "look.up",
    description: "Looks a word up.",
    inputSchema,
    annotations: { readOnlyHint: true },
    run: ({ word }) => ({ meaning: `what ${word} means` }),
  },
  { name: "teach", inputSchema, run: ({ word }) => `learned ${word}` },
  {
    name: "fail",
    inputSchema,
    annotations: { readOnlyHint: true },
    run: () => {
      throw new Error("The dictionary is closed.");
    },
  },
];

const using = (name: string, input: unknown = { word: "queue" }): Reply => ({
  tool_calls: [{ name, input }],
});

const resultsIn = (call: ModelCall | undefined) =>
  (call?.messages ?? []).flatMap(({ tool_results }) => tool_results.map(({ output }) => output));

type McpOptions = NonNullable<Parameters<typeof startMcpServer>[1]>;
type Setting = Record<string, unknown>;

/** A coder with outside tools as `allowed` names them. */
const startWith = async (
  replies: readonly (Reply | Script)[],
  {
    allowed = ["mcp:words"],
    setting = {},
    agent = "coder",
    clock,
    teach,
    page = 2,
    odd,
  }: {
    allowed?: string[];
    setting?: Setting;
    agent?: string;
    clock?: Clock;
    /** Tools on a page of the server's list. */
    page?: number;
    odd?: McpOptions["odd"];
    /** What teaching gives, the how manieth time. */
    teach?: (times: number) => unknown;
  } = {},
) => {
  let times = 0;
  const platform = tools.map((tool) =>
    tool.name === "teach" && teach ? { ...tool, run: () => teach(++times) } : tool,
  );
  const server = await startMcpServer(platform, { token: "secret", page, ...(odd && { odd }) });
  const words = { url: server.url, headers: { Authorization: "Bearer secret" }, ...setting };
  const env = {
    AGENT_MODELS: "*=anthropic",
    MODEL_FALLBACK: "none",
    MCP_SERVERS: JSON.stringify({ words }),
  };
  const agents = withAgent(agent, { tools: allowed });
  const backend = await startModels(inTurn(...replies), env, { agents, ...(clock && { clock }) });
  return {
    ...backend,
    server,
    [Symbol.asyncDispose]: async () => {
      await backend[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
};

test("an agent has the tools that its definition names, and no others", async () => {
  await using backend = await startWith([], { allowed: ["mcp:words/teach", "list_files"] });
  expect((await backend.run()).task).toMatchObject({ status: "completed" });
  const [call] = backend.providers.calls;
  expect(call?.tools.map(({ name }) => name)).toEqual(["list_files", "words__teach"]);
});

test("a list of tools that repeats itself is read to the repetition, and told", async () => {
  await using backend = await startWith([], { page: 0 });
  const { task, said } = await backend.run();
  expect(task).toMatchObject({ status: "completed" });
  expect(backend.server.methods.filter((name) => name === "tools/list")).toHaveLength(2);
  expect(said.join()).toContain("The MCP server words: its list repeats itself");
});

test("what is wrong with a server's list is left out, logged and told; the rest works", async () => {
  const odd: McpOptions["odd"] = ({ method }) => {
    const list = tools.map(({ run: _, ...tool }) => ({ ...tool, icons: "?" }));
    const wrong = [
      { name: null, inputSchema },
      { name: "teach", inputSchema: {} },
    ];
    return method === "tools/list"
      ? { result: { tools: [...list, ...wrong], nextCursor: null } }
      : undefined;
  };
  const allowed = ["mcp:words/teach", "mcp:words/gone", "mcp:else"];
  await using backend = await startWith([using("words__teach")], {
    odd,
    allowed,
    setting: { approval: "never" },
  });
  const { task, said } = await backend.run();
  expect(task).toMatchObject({ status: "completed" });
  expect(backend.server.calls).toHaveLength(1);
  expect(said).toContain(
    "The MCP server words: left out a tool without a name (null); left out a second teach; it has no tool gone",
  );
  expect(said).toContain("The agent lists tools of the MCP server else, which is not configured.");
});

test("what a server calls read-only runs at once; its results and its errors reach the model", async () => {
  await using backend = await startWith([using("words__look_up"), using("words__fail")]);
  const { task, pending } = await backend.run();
  expect(task).toMatchObject({ status: "completed", attempt: 1 });
  expect(pending).toEqual([]);
  expect(backend.providers.calls[0]?.tools).toHaveLength(tools.length);
  expect(backend.server.calls).toEqual([
    { name: "look.up", input: { word: "queue" } },
    { name: "fail", input: { word: "queue" } },
  ]);
  const [found, failed] = resultsIn(backend.providers.calls.at(-1));
  expect(found).toContain("what queue means");
  expect(failed).toContain("The dictionary is closed.");
});

test("what else a server has is run once, after a person approved it", async () => {
  await using backend = await startWith([using("words__teach")]);
  const { pending, project_id } = await backend.run();
  expect(pending[0]?.question).toContain('use words__teach with {"word":"queue"}');
  expect(backend.server.calls).toEqual([]);
  const after = await backend.answer(project_id, { action: "approve" });
  expect(after.task).toMatchObject({ status: "completed" });
  expect(backend.server.calls).toEqual([{ name: "teach", input: { word: "queue" } }]);
  expect(resultsIn(backend.providers.calls[1])[0]).toContain("learned queue");
});

test("what was done once is not done again, nor forgotten, when the models fail after it", async () => {
  const down = Array<Reply>(4).fill({ status: 500 });
  await using backend = await startWith([using("words__teach"), ...down]);
  const { project_id } = await backend.run();
  const after = await backend.answer(project_id, { action: "approve" });
  expect(after.task).toMatchObject({ status: "completed", attempt: 3 });
  expect(backend.server.calls).toHaveLength(1);
  expect(resultsIn(backend.providers.calls.at(-1))).toEqual([
    expect.stringContaining("learned queue"),
  ]);
});

test("what a worker began before it died is done again only if a person wants it", async () => {
  const clock = movableClock();
  const never = Promise.withResolvers<unknown>();
  const replies = [using("words__teach"), using("words__teach")];
  await using backend = await startWith(replies, {
    setting: { approval: "never" },
    clock: { ...clock, every: () => () => undefined },
    teach: (times) => (times === 1 ? never.promise : "learned it"),
  });
  const { id } = await backend.on.project();
  await backend.on.task(id, "Write a haiku.");
  const working = backend.work();
  await expect.poll(() => backend.server.calls.length, { interval: 5 }).toBe(1);
  clock.forward(91_000);
  await backend.sweep();
  await backend.work();
  const { task, pending } = await backend.look(id);
  expect(task).toMatchObject({ status: "waiting_for_hitl", attempt: 2 });
  expect(pending[0]?.question).toContain("It began to before, in this task, and nobody knows");
  expect(backend.server.calls).toHaveLength(1);
  const after = await backend.answer(id, { action: "approve" });
  expect(after.task).toMatchObject({ status: "completed" });
  expect(backend.server.calls).toHaveLength(2);
  never.resolve("too late");
  await working;
});

test("who rules between two others has only tools that read", async () => {
  const inConflict = answering({
    conflict: { with_agent: "architect", objection: "No table.", proposal: "A table." },
  });
  await using backend = await startWith([inConflict], {
    allowed: ["mcp:words", "write_context", "list_files"],
    agent: "orchestrator",
  });
  expect((await backend.run()).task).toMatchObject({ status: "completed" });
  const names = backend.providers.calls.map((call) => call.tools.map(({ name }) => name));
  expect(names[1]).toEqual(["list_files", "words__look_up", "words__fail"]);
});

test("a person who lets the task run anew lets it begin with what was done before", async () => {
  await using backend = await startWith([using("words__teach"), { status: 400 }], {
    setting: { approval: "never" },
  });
  const { task, project_id } = await backend.run();
  expect(task).toMatchObject({ status: "failed", attempt: 1 });
  const after = await backend.answer(project_id, { action: "amend", content: "retry" });
  expect(after.task).toMatchObject({ status: "completed", attempt: 2 });
  expect(backend.server.calls).toHaveLength(1);
  const last = backend.providers.calls.at(-1);
  expect(last?.messages).toHaveLength(1);
  expect(last?.messages[0]?.text).toContain('words__teach with {"word":"queue"}: ');
  expect(last?.messages[0]?.text).toContain("learned queue");
});

test.each([
  { approval: "always", name: "words__look_up", asked: true },
  { approval: "never", name: "words__teach", asked: false },
])("approval $approval: $name asks $asked", async ({ approval, name, asked }) => {
  await using backend = await startWith([using(name)], { setting: { approval } });
  const { pending } = await backend.run();
  expect(pending).toHaveLength(asked ? 1 : 0);
  expect(backend.server.calls).toHaveLength(asked ? 0 : 1);
});

test("a server that does not answer is not waited for longer than its setting says", async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  await using backend = await startWith([], { setting: { url, timeout_seconds: 0.1 } });
  const { task } = await backend.run();
  expect(task).toMatchObject({ status: "failed", attempt: 3, error: { code: "mcp_unavailable" } });
  server.closeAllConnections();
  server.close();
});

test.each([
  {
    name: "is down",
    setting: { url: "http://127.0.0.1:1/mcp" },
    attempt: 3,
    words: "The MCP server words cannot be reached: no connection.",
  },
  {
    name: "refuses the key",
    setting: { headers: {} },
    attempt: 1,
    words: "The MCP server words refuses the key (HTTP 401).",
  },
])(
  "a server that $name: no model is asked, and the person is, by its name",
  async ({ setting, attempt, words }) => {
    await using backend = await startWith([], { setting });
    const { task, pending, retries, usage } = await backend.run();
    expect(task).toMatchObject({ status: "failed", attempt, error: { code: "mcp_unavailable" } });
    expect(task?.error?.message).toBe(words);
    expect(retries).toHaveLength(attempt - 1);
    expect(pending).toMatchObject([{ kind: "failure" }]);
    expect(usage.total).toMatchObject({ calls: 0, cost_usd: 0 });
  },
);

test.each([
  {
    name: "did its work",
    odd: {
      result: {
        content: [
          { type: "text", text: null },
          { type: "image", data: "AAAA".repeat(5_000), mimeType: "image/png" },
        ],
      },
    },
    result: "[a text that cannot be read]\n[image, image/png, 15 KB, not shown]",
  },
  {
    name: "says that it failed",
    odd: { result: { content: [], isError: true } },
    result: "(the answer is empty)",
  },
  {
    name: "was not begun",
    odd: { status: 429, body: "token secret is used up" },
    result:
      "It was not done. The MCP server words takes no more requests for now (HTTP 429): token … is used up",
  },
  {
    name: "may have been done",
    odd: { status: 500, body: "" },
    result: "Nobody knows whether it was done. The MCP server words fails (HTTP 500).",
  },
])("the model reads of a tool that $name", async ({ odd, result }) => {
  await using backend = await startWith([using("words__teach")], {
    setting: { approval: "never" },
    odd: ({ method }) => (method === "tools/call" ? odd : undefined),
  });
  expect((await backend.run()).task).toMatchObject({ status: "completed" });
  expect(resultsIn(backend.providers.calls.at(-1))).toEqual([result]);
});
