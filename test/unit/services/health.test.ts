import { expect, test } from "vitest";
import {
  detailedHealth,
  type HealthDeps,
  readiness,
} from "../../../lib/services/operations/health.ts";
import { now } from "../../support/builders.ts";

type Probe = HealthDeps["probes"]["database"];

const well: Probe = async () => ({ message: "Fine." });
const down: Probe = async () => {
  throw Object.assign(new Error("connect to 10.0.0.7:5432 refused"), { name: "ECONNREFUSED" });
};
const silent: Probe = () => new Promise(() => undefined);
const finds =
  (finding: Awaited<ReturnType<Probe>>): Probe =>
  async () =>
    finding;

const asked = (probes: Partial<HealthDeps["probes"]>) => {
  const errors: string[] = [];
  const deadlines: number[] = [];
  let ticks = 1_000_000;
  const deps: HealthDeps = {
    probes: {
      database: well,
      task_queue: well,
      websocket: well,
      llm_providers: well,
      mcp_servers: well,
      ...probes,
    },
    now: () => new Date(now),
    tick: () => {
      ticks += 5;
      return ticks;
    },
    timeout: (ms) => {
      deadlines.push(ms);
      return AbortSignal.timeout(20);
    },
    onError: (name) => void errors.push(name),
  };
  return { deps, errors, deadlines };
};

test("what was said is for operators alone", async () => {
  const said = { openai: "Not in your plan." };
  const { deps } = asked({ llm_providers: finds({ message: "One.", forOperators: { said } }) });
  const shown = async (isOperator: boolean) =>
    (await detailedHealth(deps, isOperator)).components.llm_providers;
  expect(await shown(false)).not.toHaveProperty("said");
  expect(await shown(true)).toMatchObject({ said });
});

test.each([
  { name: "all is well", probes: {}, status: "healthy" },
  { name: "the database is down", probes: { database: down }, status: "unhealthy" },
  { name: "the queue is silent", probes: { task_queue: silent }, status: "unhealthy" },
  { name: "only the sockets are down", probes: { websocket: down }, status: "degraded" },
  { name: "only the models are down", probes: { llm_providers: down }, status: "degraded" },
  {
    name: "the queue limps",
    probes: { task_queue: finds({ status: "degraded", message: "Dead letters." }) },
    status: "degraded",
  },
])("when $name it is $status", async ({ probes, status }) => {
  const { deps } = asked(probes);
  expect(await detailedHealth(deps, false)).toMatchObject({ status, timestamp: now });
});

test("each component says how it is, with details and latency", async () => {
  const details = { depth: 3 };
  const { deps, errors } = asked({ task_queue: finds({ message: "Reachable.", details }) });
  const { components } = await detailedHealth(deps, false);
  expect(Object.keys(components)).toEqual([
    "database",
    "task_queue",
    "websocket",
    "llm_providers",
    "mcp_servers",
  ]);
  expect(components.task_queue).toEqual({
    status: "healthy",
    message: "Reachable.",
    latency_ms: expect.any(Number),
    depth: 3,
  });
  expect(components.task_queue?.latency_ms).toBeGreaterThan(0);
  expect(errors).toEqual([]);
});

test("a silent component is given two seconds", async () => {
  const { deps, deadlines, errors } = asked({ websocket: silent });
  const { components } = await detailedHealth(deps, false);
  expect(components.websocket).toMatchObject({
    status: "unhealthy",
    message: "No answer within 2000 ms.",
  });
  expect(deadlines).toEqual([2_000, 2_000, 2_000, 2_000, 2_000]);
  expect(errors).toEqual(["websocket"]);
});

test("what is wrong is told without inner addresses", async () => {
  const { deps, errors } = asked({ database: down });
  const { components } = await detailedHealth(deps, false);
  expect(components.database?.message).toBe("Not reachable: ECONNREFUSED.");
  expect(errors).toEqual(["database"]);
});

test.each([
  { name: "all is well", probes: {}, status: "ready" },
  { name: "the sockets are down", probes: { websocket: down }, status: "ready" },
  { name: "the database is down", probes: { database: down }, status: "not_ready" },
])("when $name it is $status, and only what is vital is asked", async ({ probes, status }) => {
  const { components, ...rest } = await readiness(asked(probes).deps);
  expect(rest).toEqual({ status, timestamp: now });
  expect(Object.keys(components)).toEqual(["database", "task_queue"]);
});
