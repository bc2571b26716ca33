import { expect, test } from "vitest";
import { failedMessageIds } from "../../../localstack/gateway/batch-response.ts";

const failures = (...ids: unknown[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

test.each([
  { name: "no answer", answer: undefined, failed: [] },
  { name: "null", answer: null, failed: [] },
  { name: "an empty text", answer: "", failed: [] },
  { name: "an empty object", answer: {}, failed: [] },
  { name: "no list", answer: { batchItemFailures: null }, failed: [] },
  { name: "another object", answer: { statusCode: 200 }, failed: [] },
  { name: "an empty list", answer: failures(), failed: [] },
  { name: "one failure", answer: failures("b"), failed: ["b"] },
  { name: "one failure told twice", answer: failures("b", "b"), failed: ["b"] },
  { name: "all failures", answer: failures("a", "b", "c"), failed: ["a", "b", "c"] },
  { name: "an unknown id", answer: failures("a", "x"), failed: ["a", "b", "c"] },
  { name: "an empty id", answer: failures(""), failed: ["a", "b", "c"] },
  { name: "a null id", answer: failures(null), failed: ["a", "b", "c"] },
  { name: "a misspelt key", answer: { batchItemFailures: [{ id: "a" }] }, failed: ["a", "b", "c"] },
  { name: "no object in the list", answer: { batchItemFailures: ["a"] }, failed: ["a", "b", "c"] },
  { name: "no list but a text", answer: { batchItemFailures: "a" }, failed: ["a", "b", "c"] },
  { name: "another text", answer: "done", failed: ["a", "b", "c"] },
])("$name: $failed stay on the queue", ({ answer, failed }) => {
  expect([...failedMessageIds(answer, ["a", "b", "c"])]).toEqual(failed);
});
