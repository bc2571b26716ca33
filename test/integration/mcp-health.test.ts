import type { Context } from "aws-lambda";
import { afterAll, expect, test } from "vitest";
import { serveHealth } from "../../functions/bindings/health.ts";
import { openHttp } from "../../functions/wiring/http.ts";
import { openBreaker } from "../../lib/services/worker/breaker.ts";
import { loadModels } from "../../lib/settings/config.ts";
import { startMcpServer } from "../providers/mcp-server.ts";
import { startBackend } from "../support/backend.ts";
import { aFailedCall } from "../support/builders.ts";
import { anEvent } from "../unit/http/event.ts";

const inputSchema = { type: "object" };
const tools = [{ name: "look_up", inputSchema, run: () => "x" }];
const secret = { token: "k-secret" };

const backend = await startBackend();
afterAll(() => backend[Symbol.asyncDispose]());

const askHealth = async (servers: Record<string, string>) => {
  const { platform } = backend;
  const headers = { authorization: "Bearer k-secret" };
  const configured = Object.entries(servers).map(([name, url]) => [name, { url, headers }]);
  const models = loadModels({ MCP_SERVERS: JSON.stringify(Object.fromEntries(configured)) });
  const handler = openHttp(platform, serveHealth({ ...platform, models })) as unknown as (
    event: object,
    context: Context,
  ) => Promise<{ body: string }>;
  const event = anEvent({ routeKey: "GET /health/detailed", path: {} });
  const { body } = await handler(event, { awsRequestId: "r" } as Context);
  return { text: body, component: JSON.parse(body).components.mcp_servers };
};

test("/health/detailed tells how each MCP server answers, and how it was last used", async () => {
  const odd = { tools: [null, { name: "private_name", inputSchema }], nextCursor: null };
  await using good = await startMcpServer(tools, { ...secret, sessions: true });
  await using faulty = await startMcpServer(tools, {
    odd: ({ method }) => (method === "tools/list" ? { result: odd } : undefined),
  });
  await using refusing = await startMcpServer(tools, { token: "another" });
  await using limited = await startMcpServer(tools, {
    odd: () => ({ status: 429, body: "Bearer k-secret has used all" }),
  });
  const gone = await startMcpServer([]);
  await gone[Symbol.asyncDispose]();
  const nothing = () => undefined;
  const breaker = openBreaker({
    ...backend.deps,
    onError: nothing,
    onLesson: nothing,
    onDoubt: nothing,
    callTimeoutMs: 1_000,
  });
  await breaker.report("mcp:limited", aFailedCall({ code: "rate_limited" }));
  await breaker.report("mcp:good", { ok: true, latency_ms: 0 });
  const { text, component } = await askHealth({
    good: good.url,
    faulty: faulty.url,
    refusing: refusing.url,
    limited: limited.url,
    gone: gone.url,
  });
  expect(component).toMatchObject({
    status: "degraded",
    message: "Not well: refusing, limited, gone.",
    servers: [
      {
        name: "good",
        status: "healthy",
        message: "Answers.",
        tools: 1,
        faults: 0,
        last_error: null,
        last_success_at: expect.any(String),
      },
      { name: "faulty", status: "healthy", message: "Answers; faults in its list of tools: 1." },
      { name: "refusing", status: "unhealthy", message: "It refuses the key (HTTP 401)." },
      {
        name: "limited",
        reachable: true,
        message: "It takes no more requests for now (HTTP 429).",
        last_error: { code: "rate_limited" },
      },
      { name: "gone", reachable: false, message: "It cannot be reached: no connection." },
    ],
  });
  for (const hidden of ["k-secret", "127.0.0.1", "private_name"])
    expect(text).not.toContain(hidden);
  expect(good.methods.at(-1)).toBe("(end)");
  expect(good.calls).toEqual([]);
});

test("without MCP servers all is well", async () => {
  const { component } = await askHealth({});
  expect(component).toMatchObject({
    status: "healthy",
    message: "No MCP server is configured.",
    servers: [],
  });
});
