import { expect, test } from "vitest";
import { loadBreaker, saveBreaker } from "../../lib/adapters/dynamodb/breakers.ts";
import type { Table } from "../../lib/adapters/dynamodb/table.ts";
import type { Breaker } from "../../lib/domain/budget/breaker.ts";
import { type Lesson, lessonOf } from "../../lib/domain/budget/lessons.ts";
import { openBreaker } from "../../lib/services/worker/breaker.ts";
import { aFailedCall } from "../support/builders.ts";
import { startTables } from "../support/emulators.ts";

const start = Date.parse("2030-01-01T00:00:00.000Z");
const at = (seconds: number) => new Date(start + seconds * 1_000).toISOString();

/** Some processes on one table and one clock; `calls` counts what they ask of the table. */
const open = async () => {
  const tables = await startTables();
  const table: Table = { client: tables.documentClient, name: tables.tableName };
  const calls = { loads: 0, saves: 0 };
  const errors: unknown[] = [];
  const told: Lesson[] = [];
  const doubts: object[] = [];
  let seconds = 0;
  let isDown = false;
  const ask = <T>(run: () => Promise<T>): Promise<T> =>
    isDown ? Promise.reject(new Error("The table is down.")) : run();
  const process = () =>
    openBreaker({
      loadBreaker: (provider) => {
        calls.loads += 1;
        return ask(() => loadBreaker(table, provider));
      },
      saveBreaker: (breaker) => {
        calls.saves += 1;
        return ask(() => saveBreaker(table, breaker));
      },
      now: () => new Date(start + seconds * 1_000),
      callTimeoutMs: 120_000,
      onError: (error) => void errors.push(error),
      onLesson: (_provider, lesson) => void told.push(lesson),
      onDoubt: (provider, doubt) => void doubts.push({ provider, ...doubt }),
    });
  return {
    told,
    doubts,
    process,
    calls,
    errors,
    stored: (provider: string) => loadBreaker(table, provider),
    overwrite: (breaker: Breaker) => saveBreaker(table, breaker),
    forward: (more: number) => {
      seconds += more;
    },
    breakTable: () => {
      isDown = true;
    },
    [Symbol.asyncDispose]: tables[Symbol.asyncDispose],
  };
};

const failed = aFailedCall({ code: "provider_error" });
const fine = { ok: true, latency_ms: 800 } as const;

const failTimes = async (breaker: ReturnType<typeof openBreaker>, count: number) => {
  for (let index = 0; index < count; index += 1) {
    await breaker.admit("openai");
    await breaker.report("openai", failed);
  }
};

test("failures of one process refuse the calls of another, and of no other provider", async () => {
  await using world = await open();
  const [one, other] = [world.process(), world.process()];
  await failTimes(one, 3);
  await failTimes(other, 2);
  world.forward(5);
  for (const breaker of [one, other, world.process()]) {
    expect(await breaker.admit("openai")).toEqual({
      allowed: false,
      retry_at: at(30),
      because: expect.any(String),
    });
    expect(await breaker.admit("google")).toEqual({ allowed: true });
  }
  expect(await world.stored("openai")).toEqual({
    provider: "openai",
    state: "open",
    failures: 5,
    opened_at: at(0),
    open_until: at(30),
    probe_until: null,
    last_error: { code: "provider_error", at: at(0), said: "" },
    last_success_at: null,
    latency_ms: null,
    lessons: [],
    last_doubt: null,
    rev: 5,
  });
  expect(world.errors).toEqual([]);
});

test("of many at once one tries, and its success lets all go on", async () => {
  await using world = await open();
  await failTimes(world.process(), 5);
  world.forward(30);
  const processes = Array.from({ length: 12 }, world.process);
  const asked = await Promise.all(
    processes.flatMap((breaker) => [breaker.admit("openai"), breaker.admit("openai")]),
  );
  expect(asked.filter(({ allowed }) => allowed)).toHaveLength(1);
  expect(asked).toContainEqual({ allowed: false, retry_at: at(150), because: expect.any(String) });
  const winner = processes[Math.floor(asked.findIndex(({ allowed }) => allowed) / 2)];
  world.forward(2);
  await winner?.report("openai", fine);
  expect(await world.stored("openai")).toMatchObject({
    state: "closed",
    failures: 0,
    last_success_at: at(32),
    latency_ms: 800,
  });
  world.forward(2);
  for (const breaker of processes) expect(await breaker.admit("openai")).toEqual({ allowed: true });
  expect(world.errors).toEqual([]);
});

test("a try that fails opens for twice as long, for all", async () => {
  await using world = await open();
  const one = world.process();
  await failTimes(one, 5);
  world.forward(30);
  await failTimes(one, 1);
  expect(await world.process().admit("openai")).toEqual({
    allowed: false,
    retry_at: at(90),
    because: expect.any(String),
  });
});

test("somebody else's try is not ended by a call that went out before", async () => {
  await using world = await open();
  const [one, other] = [world.process(), world.process()];
  await other.admit("openai");
  await failTimes(one, 5);
  world.forward(30);
  await one.admit("openai");
  world.forward(2);
  await other.report("openai", failed);
  await other.report("openai", fine);
  expect(await world.stored("openai")).toMatchObject({ state: "half_open", probe_until: at(150) });
  await one.report("openai", fine);
  expect(await world.stored("openai")).toMatchObject({ state: "closed" });
});

test("a try whose process died is over after the time a call may take", async () => {
  await using world = await open();
  await failTimes(world.process(), 5);
  world.forward(30);
  await world.process().admit("openai");
  world.forward(120);
  const next = world.process();
  expect(await next.admit("openai")).toEqual({ allowed: true });
  await next.report("openai", fine);
  expect(await world.stored("openai")).toMatchObject({ state: "closed" });
});

test("failures at the same moment are not lost among each other", async () => {
  await using world = await open();
  const processes = Array.from({ length: 5 }, world.process);
  await Promise.all(processes.map((breaker) => breaker.admit("openai")));
  await Promise.all(processes.map((breaker) => breaker.report("openai", failed)));
  expect(await world.stored("openai")).toMatchObject({ state: "open", failures: 5 });
  expect(world.errors).toEqual([]);
});

test("a success of any process ends a row of failures", async () => {
  await using world = await open();
  const [one, other] = [world.process(), world.process()];
  await failTimes(one, 4);
  await other.admit("openai");
  await other.report("openai", fine);
  await failTimes(one, 1);
  expect(await world.stored("openai")).toMatchObject({ state: "closed", failures: 1 });
});

test("while all is well, the table is read every 5 s and written every minute", async () => {
  await using world = await open();
  const breaker = world.process();
  const call = async () => {
    await breaker.admit("openai");
    await breaker.report("openai", fine);
  };
  await Promise.all(Array.from({ length: 20 }, () => breaker.admit("openai")));
  expect(world.calls).toEqual({ loads: 1, saves: 0 });
  for (let second = 0; second < 60; second += 1) {
    await call();
    world.forward(1);
  }
  expect(world.calls).toEqual({ loads: 12, saves: 1 });
  await call();
  expect(world.calls.saves).toBe(2);
});

test("a table that does not answer keeps nobody from working", async () => {
  await using world = await open();
  const breaker = world.process();
  await failTimes(breaker, 5);
  world.forward(30);
  world.breakTable();
  expect(await breaker.admit("openai")).toEqual({ allowed: true });
  await breaker.report("openai", fine);
  expect(await world.process().admit("google")).toEqual({ allowed: true });
  expect(world.errors).toHaveLength(3);
});

test("of two who saw the same record one can write", async () => {
  await using world = await open();
  await failTimes(world.process(), 1);
  const seen = (await world.stored("openai")) as Breaker;
  expect(await world.overwrite(seen)).toEqual({ ...seen, rev: 2 });
  expect(await world.overwrite(seen)).toBeNull();
  expect(await world.overwrite({ ...seen, rev: 0 })).toBeNull();
});

const lesson = (option: string) => lessonOf({ model: "m", option, takes: false }, at(0));

test("what one process learns the others know, also after a start, until it is over", async () => {
  await using world = await open();
  const [one, other] = [world.process(), world.process()];
  expect(await one.lessons("openai")).toEqual([]);
  await one.learn("openai", lesson("store"));
  await other.learn("openai", lesson("temperature"));
  await other.learn("openai", lesson("store"));
  expect(await world.process().lessons("openai")).toEqual([lesson("temperature"), lesson("store")]);
  expect(await other.lessons("google")).toEqual([]);
  expect(world.told).toHaveLength(3);
  await failTimes(other, 5);
  expect(await world.process().lessons("openai")).toHaveLength(2);
  world.forward(7 * 86_400);
  expect(await world.process().lessons("openai")).toEqual([]);
  expect(world.errors).toEqual([]);
});

test("without the table nothing is known, and nothing fails", async () => {
  await using world = await open();
  world.breakTable();
  await world.process().learn("openai", lesson("store"));
  expect(await world.process().lessons("openai")).toEqual([]);
  expect(world.errors).toHaveLength(2);
});

test("a doubted count is told each time, and stored at most once a minute and model", async () => {
  await using world = await open();
  const breaker = world.process();
  const doubt = { model: "gpt-5", reason: "x".repeat(1_000) };
  await breaker.doubt("openai", doubt);
  await breaker.doubt("openai", { ...doubt, reason: "another" });
  const last_doubt = { model: "gpt-5", reason: "x".repeat(300), at: at(0) };
  expect(await world.stored("openai")).toMatchObject({ last_doubt, state: "closed", rev: 1 });
  await world.process().doubt("openai", { model: "gpt-6", reason: "other" });
  expect(await world.stored("openai")).toMatchObject({ last_doubt: { model: "gpt-6" }, rev: 2 });
  world.forward(60);
  world.breakTable();
  await breaker.doubt("openai", doubt);
  expect(world.doubts).toHaveLength(4);
  expect(world.errors).toHaveLength(1);
});
