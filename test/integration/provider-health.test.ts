import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Context } from "aws-lambda";
import { afterAll, expect, test } from "vitest";
import { serveHealth } from "../../functions/bindings/health.ts";
import { openHttp } from "../../functions/wiring/http.ts";
import { probeProvider } from "../../lib/adapters/probe-provider.ts";
import { agentNames } from "../../lib/catalog/load.ts";
import type { Caller } from "../../lib/domain/common.ts";
import { openBreaker } from "../../lib/services/worker/breaker.ts";
import { loadModels } from "../../lib/settings/config.ts";
import type { Provider } from "../../lib/settings/providers.ts";
import { callers } from "../support/authenticator.ts";
import { startBackend } from "../support/backend.ts";
import { aFailedCall } from "../support/builders.ts";
import { limits } from "../support/limits.ts";
import { anEvent } from "../unit/http/event.ts";

type Seen = { url: string | undefined; headers: IncomingMessage["headers"] };

/** A provider that does what its path says: /200/…, /302/…, or /hang/…. */
const startProvider = async () => {
  const seen: Seen[] = [];
  const answer = ({ url = "", headers }: IncomingMessage, response: ServerResponse) => {
    seen.push({ url, headers });
    const status = Number(url.split("/")[1]);
    if (status) response.writeHead(status, { location: "/500" }).end("x".repeat(100_000));
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const server = await startProvider();
const gone = await startProvider();
await gone.close();
const backend = await startBackend();
afterAll(async () => {
  await server.close();
  await backend[Symbol.asyncDispose]();
});

const aProvider = (fields: Partial<Provider>): Provider => ({
  name: "one",
  api: "openai",
  base_url: `${server.url}/200`,
  api_key: "k-1",
  region: null,
  model: "m",
  ...fields,
});

const soon = () => AbortSignal.timeout(limits.waitMs);

test.each([
  { api: "openai", path: "/200/models", headers: { authorization: "Bearer k-1" } },
  { api: "openai-chat", path: "/200/models", headers: { authorization: "Bearer k-1" } },
  {
    api: "anthropic",
    path: "/200/models",
    headers: { "x-api-key": "k-1", "anthropic-version": "2023-06-01" },
  },
  { api: "google", path: "/200/models?pageSize=1", headers: { "x-goog-api-key": "k-1" } },
  { api: "bedrock", path: "/200/", headers: {} },
] as const)("$api is asked at $path, with its own headers", async ({ api, path, headers }) => {
  expect(await probeProvider(aProvider({ api }), soon())).toBe(200);
  const last = server.seen.at(-1);
  expect(last).toMatchObject({ url: path, headers });
  const keys = Object.values(last?.headers ?? {}).filter((value) => String(value).includes("k-1"));
  expect(keys).toHaveLength(Object.keys(headers).length > 0 ? 1 : 0);
});

test("a server that needs no key is sent none", async () => {
  await probeProvider(aProvider({ api_key: null }), soon());
  expect(server.seen.at(-1)?.headers.authorization).toBeUndefined();
});

test.each([401, 500, 302])("the status %i is given, and nobody is followed", async (status) => {
  const before = server.seen.length;
  const provider = aProvider({ base_url: `${server.url}/${status}` });
  expect(await probeProvider(provider, soon())).toBe(status);
  expect(server.seen).toHaveLength(before + 1);
});

test("who is not there is named by the network's error", async () => {
  const probe = probeProvider(aProvider({ base_url: gone.url }), soon());
  await expect(probe).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("who hangs is given up when the time is over", async () => {
  const provider = aProvider({ base_url: `${server.url}/hang` });
  const probe = probeProvider(provider, AbortSignal.timeout(50));
  await expect(probe).rejects.toMatchObject({ name: "TimeoutError" });
});

/** What GET /health/detailed says of the models, and of all. */
const askHealth = async (
  env: Record<string, string>,
  route = "GET /health/detailed",
  caller?: Caller,
) => {
  const { platform } = backend;
  const handler = openHttp(
    platform,
    serveHealth({ ...platform, models: loadModels(env) }),
  ) as unknown as (
    event: object,
    context: Context,
  ) => Promise<{ body: string; statusCode: number }>;
  const event = anEvent({ routeKey: route, path: {}, caller });
  const { body, statusCode } = await handler(event, { awsRequestId: "r" } as Context);
  return { text: body, statusCode, health: JSON.parse(body) };
};

const added = (rows: Record<string, string>) =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(rows).map(([name, base_url]) => [
        name,
        { api: "openai-chat", base_url, api_key: "k-secret", model: "m" },
      ]),
    ),
  );

test("/health/detailed tells of each provider, each agent's model, and the circuits", async () => {
  const breaker = openBreaker({
    ...backend.deps,
    onError: () => undefined,
    onLesson: () => undefined,
    onDoubt: () => undefined,
    callTimeoutMs: 1_000,
  });
  await breaker.report("limited", aFailedCall({ code: "rate_limited", retry_after_ms: 60_000 }));
  const { health, text, statusCode } = await askHealth({
    ANTHROPIC_API_KEY: "k-secret",
    ANTHROPIC_BASE_URL: `${server.url}/200`,
    ANTHROPIC_MODEL: "claude",
    MODEL_PROVIDERS: added({
      limited: `${server.url}/200`,
      refusing: `${server.url}/401`,
      broken: `${server.url}/500`,
      silent: `${server.url}/hang`,
      absent: gone.url,
    }),
    AGENT_MODELS: "analyst=limited/large:1,tester=offline",
  });
  expect(statusCode).toBe(200);
  expect(health.status).toBe("degraded");
  const { providers, agents, status, message } = health.components.llm_providers;
  expect({ status, message }).toEqual({
    status: "degraded",
    message: "Not well: limited, refusing, broken, silent, absent.",
  });
  expect(providers).toMatchObject([
    { name: "anthropic", api: "anthropic", status: "healthy", circuit: "closed", model: "claude" },
    { name: "limited", status: "degraded", circuit: "open", last_error: { code: "rate_limited" } },
    { name: "refusing", status: "unhealthy", reachable: true, circuit: "closed" },
    { name: "broken", status: "degraded", reachable: true },
    { name: "silent", status: "unhealthy", reachable: false },
    { name: "absent", status: "unhealthy", reachable: false, last_error: null },
  ]);
  expect(Object.keys(agents)).toEqual(agentNames);
  expect(agents).toMatchObject({
    orchestrator: "anthropic/claude",
    analyst: "limited/large:1",
    architect: "anthropic/claude",
    coder: "anthropic/claude",
    tester: "offline",
    deployer: "anthropic/claude",
  });
  for (const hidden of ["k-secret", "127.0.0.1"]) expect(text).not.toContain(hidden);
});

test("what a provider said is for operators alone", async () => {
  const breaker = openBreaker({
    ...backend.deps,
    onError: () => undefined,
    onLesson: () => undefined,
    onDoubt: () => undefined,
    callTimeoutMs: 1_000,
  });
  const said = "Your plan does not include this model.";
  await breaker.report("talking", aFailedCall({ code: "forbidden", said }));
  const env = { MODEL_PROVIDERS: added({ talking: `${server.url}/200` }) };
  const asked = (caller?: Caller) => askHealth(env, "GET /health/detailed", caller);
  for (const caller of [undefined, callers.bob]) {
    expect((await asked(caller)).text).not.toContain(said);
  }
  const { health } = await asked(callers.ann);
  expect(health.components.llm_providers.said).toEqual({ talking: said });
});

test("without providers all is well, and the offline agents do the work", async () => {
  const { health } = await askHealth({ OPENAI_API_KEY: "" });
  expect(health.components.llm_providers).toMatchObject({
    status: "healthy",
    agents: "offline",
    providers: [],
  });
});

test("models that are all down do not make the whole unhealthy, and readiness does not ask", async () => {
  const env = { MODEL_PROVIDERS: added({ absent: gone.url, odd: `${server.url}/403` }) };
  const { health, statusCode } = await askHealth(env);
  expect(statusCode).toBe(200);
  expect(health.status).toBe("degraded");
  expect(health.components.llm_providers).toMatchObject({
    status: "unhealthy",
    message: "No model provider can be used.",
  });
  const before = server.seen.length;
  expect((await askHealth(env, "GET /health/ready")).health.status).toBe("ready");
  expect(server.seen).toHaveLength(before);
});
