import { describe, expect, test } from "vitest";
import * as limits from "../../../lib/contracts/limits.ts";
import { maxContentBytes, maxMetadataBytes } from "../../../lib/domain/artifact/artifact.ts";
import { maxZipBytes } from "../../../lib/services/artifacts/deliverable.ts";
import { maxPageBytes } from "../../../lib/services/page.ts";
import { readServerlessYml } from "../../../localstack/emulators/serverless-yml.ts";

const { provider, functions, resources } = readServerlessYml();

type Event = Record<string, { batchSize?: number }>;

const eventsOf = (name: string) => (functions[name]?.events ?? []) as Event[];

/** Each function with what calls it: the first of its events tells, all are of one kind. */
const rows = Object.entries(functions).map(([name, { timeout = provider.timeout }]) => ({
  name,
  seconds: timeout,
  source: Object.keys(eventsOf(name)[0] ?? {})[0] ?? "",
}));

describe("serverless.yml keeps to the limits of AWS", () => {
  const bounds = {
    httpApi: limits.maxHttpSeconds,
    websocket: limits.maxSocketSeconds,
    sqs: limits.maxFunctionSeconds,
    schedule: limits.maxFunctionSeconds,
  } as const satisfies Record<string, number>;

  test.each(rows)("$name ends in $seconds s, before the $source that waits for it", (row) => {
    expect(row.seconds).toBeLessThanOrEqual(bounds[row.source as keyof typeof bounds]);
  });

  test("messages are hidden, and taken together, as SQS allows", () => {
    const hidden = Object.values(resources.Resources).flatMap(
      ({ Properties }) => Properties?.VisibilityTimeout ?? [],
    );
    expect(hidden).toHaveLength(2);
    expect(Math.max(...hidden.map(Number))).toBeLessThanOrEqual(limits.maxVisibilitySeconds);
    const sizes = rows.flatMap(({ name }) => eventsOf(name).map(({ sqs }) => sqs?.batchSize ?? 0));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(limits.maxReceivedMessages);
  });
});

test("content and metadata of an artifact fit their items, with room for the other attributes", () => {
  expect(maxContentBytes + maxMetadataBytes).toBeLessThan(limits.maxItemBytes - 16 * 1_024);
});

test("an archive as base64, and a page of a list, fit the answer of a function", () => {
  expect(Math.ceil((maxZipBytes * 4) / 3)).toBeLessThan(limits.maxAnswerBytes - 64 * 1_024);
  expect(maxPageBytes).toBeLessThan(limits.maxAnswerBytes - 1_024 * 1_024);
});
