import { expect, test } from "vitest";
import { type CallStage, checkedFetch } from "../../../../lib/agents/models/checked-fetch.ts";
import type { OverReservation } from "../../../../lib/agents/models/over-reservation.ts";

const bounds = { input: 100, output: 50 };

const sending = async (body: unknown, response = new Response("{}")) => {
  const stages: CallStage[] = [];
  let sent = 0;
  const send = async () => {
    sent += 1;
    return response;
  };
  const fetch = checkedFetch(send, bounds, (stage) => stages.push(stage));
  const init = { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) };
  const needed = await fetch("http://127.0.0.1:9", init).then(
    () => null,
    (error: OverReservation) => error.needed,
  );
  return { stages, sent, needed };
};

test.each([
  { max_tokens: 50 },
  { max_completion_tokens: 50 },
  { max_output_tokens: 1 },
  { generationConfig: { maxOutputTokens: 50 }, text: "x".repeat(50) },
  { inferenceConfig: { maxTokens: 50 } },
])("%j is sent", async (body) => {
  expect(await sending(body)).toEqual({ stages: ["sent"], sent: 1, needed: null });
});

test.each([
  {
    name: "a text that is too long",
    body: { max_tokens: 5, a: "x".repeat(90) },
    input: 102,
    output: 5,
  },
  {
    name: "bytes, not letters",
    body: { max_tokens: 5, a: "ꀀ".repeat(30) },
    input: 102,
    output: 5,
  },
  { name: "names of fields", body: { max_tokens: 5, ["x".repeat(90)]: 1 }, input: 102, output: 5 },
  { name: "room for thoughts", body: { max_tokens: 51 }, input: 12, output: 51 },
  { name: "two limits", body: { max_tokens: 5, max_completion_tokens: 60 }, input: 34, output: 60 },
  { name: "no limit", body: { a: 1 }, input: 2, output: Number.POSITIVE_INFINITY },
  {
    name: "a limit of null",
    body: { max_tokens: null },
    input: 10,
    output: Number.POSITIVE_INFINITY,
  },
  { name: "no JSON", body: "hello", input: 0, output: Number.POSITIVE_INFINITY },
])("$name is not sent", async ({ body, input, output }) => {
  expect(await sending(body)).toEqual({ stages: [], sent: 0, needed: { input, output } });
});

test.each([400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 499, 500, 502, 503, 504, 524, 529])(
  "a call that gets %i is refused",
  async (status) => {
    const { stages } = await sending({ max_tokens: 5 }, new Response("no", { status }));
    expect(stages).toEqual(["sent", "refused"]);
  },
);

test("a page for people is no answer", async () => {
  const headers = { "content-type": "text/html; charset=utf-8" };
  const { stages } = await sending({ max_tokens: 5 }, new Response("<html>", { headers }));
  expect(stages).toEqual(["sent", "refused"]);
});
