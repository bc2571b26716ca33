import { expect, test } from "vitest";
import { type Breaker, newBreaker } from "../../../lib/domain/budget/breaker.ts";
import {
  openProviderHealth,
  type ProviderHealthDeps,
} from "../../../lib/services/operations/provider-health.ts";
import type { Provider } from "../../../lib/settings/providers.ts";
import { now, nowPlus } from "../../support/builders.ts";

const aProvider = (fields: Partial<Provider> = {}): Provider => ({
  name: "openai",
  api: "openai",
  base_url: "https://secret.example.com/v1",
  api_key: "secret",
  region: null,
  model: "gpt-5",
  ...fields,
});

const answers = (status: number) => async () => status;
const refused = async () => {
  throw Object.assign(new Error("connect to 10.0.0.7 refused"), { code: "ECONNREFUSED" });
};
const silent = () => new Promise<never>(() => undefined);

const asked = (overrides: Partial<ProviderHealthDeps> = {}) => {
  const errors: string[] = [];
  const calls: string[] = [];
  let ticks = 0;
  const deps: ProviderHealthDeps = {
    providers: [aProvider()],
    agents: { coder: "openai/gpt-5" },
    probe: answers(200),
    loadBreaker: async () => null,
    now: () => new Date(now),
    tick: () => ticks,
    timeout: () => AbortSignal.timeout(20),
    onError: (name) => void errors.push(name),
    ...overrides,
  };
  const ask = openProviderHealth({
    ...deps,
    probe: (provider, signal) => {
      calls.push(provider.name);
      return deps.probe(provider, signal);
    },
  });
  const forward = (ms: number) => {
    ticks += ms;
  };
  return { ask, errors, calls, forward };
};

test("without providers the offline agents do the work, and nobody is asked", async () => {
  const { ask, calls } = asked({ providers: [] });
  expect(await ask()).toEqual({
    message: "No model provider is configured: the offline agents do the work.",
    details: { providers: [], agents: "offline" },
  });
  expect(calls).toEqual([]);
});

test("a provider tells how it is, and how its calls of late were, and what it said to operators alone", async () => {
  const last_error = { code: "503", at: nowPlus(-60) };
  const lesson = { model: "gpt-5", option: "store", takes: false, until: nowPlus(10) } as const;
  const lessons = [{ ...lesson, until: nowPlus(-1) }, lesson];
  const breaker = {
    ...newBreaker("openai"),
    last_error: { ...last_error, said: "secret" },
    last_success_at: nowPlus(-10),
    lessons,
    last_doubt: { model: "gpt-5", reason: "0 output tokens", at: nowPlus(-20) },
  };
  const finding = await asked({ loadBreaker: async () => breaker }).ask();
  expect(finding).toEqual({
    status: "healthy",
    message: "All model providers answer.",
    details: {
      agents: { coder: "openai/gpt-5" },
      providers: [
        {
          name: "openai",
          api: "openai",
          configured: true,
          reachable: true,
          status: "healthy",
          message: "Answers.",
          latency_ms: 0,
          model: "gpt-5",
          circuit: "closed",
          last_error,
          last_success_at: nowPlus(-10),
          lessons: [lesson],
          last_doubt: { model: "gpt-5", at: nowPlus(-20) },
        },
      ],
    },
    forOperators: { said: { openai: "secret" }, doubted: { openai: "0 output tokens" } },
  });
});

type Row = {
  name: string;
  provider?: Partial<Provider>;
  probe?: ProviderHealthDeps["probe"];
  breaker?: Partial<Breaker>;
  says: { reachable: boolean; status: string; message: string | RegExp };
};

const failing = (code: string, seconds: number): Partial<Breaker> => ({
  last_error: { code, at: nowPlus(seconds), said: "Secret words." },
});

const well = { reachable: true, status: "healthy", message: "Answers." };

test.each<Row>([
  { name: "answers 404", probe: answers(404), says: well },
  { name: "answers 302", probe: answers(302), says: well },
  { name: "answers 429", probe: answers(429), says: well },
  { name: "answers 400", probe: answers(400), says: well },
  {
    name: "answers 401",
    probe: answers(401),
    says: { reachable: true, status: "unhealthy", message: "The key is refused (401)." },
  },
  {
    name: "answers 403",
    probe: answers(403),
    says: { reachable: true, status: "unhealthy", message: "The key is refused (403)." },
  },
  {
    name: "is Google and answers 400",
    provider: { api: "google" },
    probe: answers(400),
    says: { reachable: true, status: "unhealthy", message: "The key is refused (400)." },
  },
  {
    name: "is Bedrock and answers 403, asked without a key",
    provider: { api: "bedrock" },
    probe: answers(403),
    says: well,
  },
  {
    name: "answers 503",
    probe: answers(503),
    says: { reachable: true, status: "degraded", message: "Answers 503." },
  },
  {
    name: "is not there",
    probe: refused,
    says: { reachable: false, status: "unhealthy", message: "Not reachable: ECONNREFUSED." },
  },
  {
    name: "is silent",
    probe: silent,
    says: { reachable: false, status: "unhealthy", message: "No answer within 1800 ms." },
  },
  {
    name: "answers, but is not called",
    breaker: { state: "open", open_until: nowPlus(30) },
    says: {
      reachable: true,
      status: "degraded",
      message: `Answers, but calls failed: none goes out until ${nowPlus(30)}.`,
    },
  },
  {
    name: "answers, and is tried",
    breaker: { state: "half_open", open_until: nowPlus(-1) },
    says: {
      reachable: true,
      status: "degraded",
      message: "Answers, but calls failed: the next one finds out.",
    },
  },
  {
    name: "answers, but its account is empty",
    breaker: failing("quota_exhausted", -3_600),
    says: {
      reachable: true,
      status: "unhealthy",
      message: "Answers, but calls failed: the account's credit or quota is used up.",
    },
  },
  {
    name: "answers, but does not have the model",
    breaker: { ...failing("unknown_model", -3_600), last_success_at: nowPlus(-7_200) },
    says: {
      reachable: true,
      status: "degraded",
      message: "Answers, but calls failed: the provider does not have this model.",
    },
  },
  {
    name: "answers, and refused the key of the last call",
    breaker: { ...failing("key_refused", -5), state: "open", open_until: nowPlus(25) },
    says: {
      reachable: true,
      status: "unhealthy",
      message: `Answers, but calls failed: the key is refused; none goes out until ${nowPlus(25)}.`,
    },
  },
  {
    name: "answers, and failed a minute ago",
    breaker: failing("overloaded", -60),
    says: {
      reachable: true,
      status: "degraded",
      message: "Answers, but calls failed: the provider is overloaded.",
    },
  },
  {
    name: "answers, and failed an hour ago",
    breaker: failing("overloaded", -3_600),
    says: well,
  },
  {
    name: "answers, and has a failure behind it",
    breaker: { ...failing("unknown_model", -60), last_success_at: nowPlus(-30) },
    says: well,
  },
  {
    name: "answers, and failed in a way of old",
    breaker: failing("of_old", -60),
    says: {
      reachable: true,
      status: "degraded",
      message: "Answers, but calls failed: of_old.",
    },
  },
])("a provider that $name", async ({ provider = {}, probe = answers(200), breaker, says }) => {
  const { ask } = asked({
    providers: [aProvider(provider)],
    probe,
    loadBreaker: async () => (breaker ? { ...newBreaker("openai"), ...breaker } : null),
  });
  const { status, details } = await ask();
  expect(details?.providers).toMatchObject([{ ...says, circuit: breaker?.state ?? "closed" }]);
  expect(status).toBe(says.status);
});

test.each([
  { statuses: [200, 200], status: "healthy", message: "All model providers answer." },
  { statuses: [200, 401], status: "degraded", message: "Not well: p1." },
  { statuses: [500, 401], status: "degraded", message: "Not well: p0, p1." },
  { statuses: [403, 401], status: "unhealthy", message: "No model provider can be used." },
])("$statuses together are $status", async ({ statuses, status, message }) => {
  const providers = statuses.map((_, index) => aProvider({ name: `p${index}` }));
  const { ask } = asked({
    providers,
    probe: async ({ name }) => statuses[Number(name.slice(1))] ?? 0,
  });
  expect(await ask()).toMatchObject({ status, message });
});

test("a poller does not have the providers asked more often than every 10 s", async () => {
  const { ask, calls, forward } = asked();
  await Promise.all([ask(), ask()]);
  forward(9_999);
  await ask();
  expect(calls).toHaveLength(1);
  forward(1);
  await ask();
  expect(calls).toHaveLength(2);
});

test.each([
  { name: "is down", loadBreaker: () => Promise.reject(new Error("The table is down.")) },
  { name: "is silent", loadBreaker: silent },
])("a table that $name does not hide the providers", async ({ loadBreaker }) => {
  const { details } = await asked({ loadBreaker }).ask();
  expect(details?.providers).toMatchObject([{ status: "healthy", circuit: "closed" }]);
});
