import { expect, test } from "vitest";
import { finish } from "./runs/finish.ts";
import { randomRun } from "./runs/random-run.ts";
import { worldOf } from "./sets/seeds.ts";
import { openEmulator } from "./world/dynamodb/emulator.ts";
import { openDynamoDB } from "./world/dynamodb/model.ts";
import type { AttributeMap } from "./world/dynamodb/wire.ts";
import { connectionsTableName, openWorld, tableName } from "./world/open-world.ts";
import { warmUp } from "./world/sdk.ts";

const names = { Table: tableName, ConnectionsTable: connectionsTableName };

const inOrder = (items: readonly AttributeMap[]) =>
  items
    .map((item) => JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))))
    .sort();

/** Every call of a run, with what was answered. */
const recorded = (perform: (operation: string, request: unknown) => unknown) => {
  const calls: { operation: string; request: unknown; answer: unknown }[] = [];
  return {
    calls,
    perform: async (operation: string, request: unknown) => {
      try {
        const answer = await perform(operation, request);
        calls.push({ operation, request, answer });
        return answer;
      } catch (error) {
        calls.push({ operation, request, answer: `${error}` });
        throw error;
      }
    },
  };
};

const run = async (seed: number, dynamodb: ReturnType<typeof recorded>) => {
  await warmUp();
  const { lagMs: _, ...options } = worldOf(seed);
  const world = openWorld({ ...options, dynamodb: { ...dynamodb, all: () => [] } });
  await finish(world, randomRun(world), 5_000).catch(() => false);
  return dynamodb.calls;
};

const namesIn = (answer: unknown) => (typeof answer === "string" ? answer.split(":")[0] : answer);

test.each([1, 2, 3, 4, 5])(
  "the model answers as the emulator does, and keeps the same items: seed %i",
  async (seed) => {
    await using emulator = await openEmulator(names);
    const real = recorded(emulator.perform);
    const calls = await run(seed, real);
    expect(calls.length).toBeGreaterThan(20);
    const model = openDynamoDB({ now: () => 0, lagMs: () => 0 });
    for (const { operation, request, answer } of calls) {
      const own = await recorded(model.perform).perform(operation, request).catch(String);
      const plain = JSON.parse(JSON.stringify(own));
      expect(shape(operation, plain), `${operation} ${JSON.stringify(request)}`).toEqual(
        shape(operation, answer),
      );
    }
    for (const name of Object.values(names)) {
      expect(inOrder(model.all(name))).toEqual(inOrder(await emulator.all(name)));
    }
  },
);

type Answer = {
  Items?: AttributeMap[];
  Responses?: Record<string, AttributeMap[]>;
  Item?: AttributeMap;
  Attributes?: AttributeMap;
  Count?: number;
};

/** What of an answer the code under test reads; a batch answers in no order. */
const shape = (operation: string, answer: unknown) => {
  if (typeof answer === "string") return namesIn(answer);
  const { Items, Responses, Item, Attributes, Count } = answer as Answer;
  if (operation === "BatchGetItem") {
    return Object.entries(Responses ?? {}).map(([name, items]) => [name, inOrder(items)]);
  }
  return {
    Items,
    Item,
    Count,
    Attributes: operation === "DeleteItem" ? Attributes : undefined,
  };
};
