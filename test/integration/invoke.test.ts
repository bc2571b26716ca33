import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { invokeFunction } from "../../localstack/gateway/invoke.ts";
import { startSchedule } from "../../localstack/gateway/schedule.ts";

/** What serverless-offline's Lambda API answers. */
const startLambdaApi = async (answer: {
  status?: number;
  headers?: Record<string, string>;
  body: string;
}) => {
  const requests: { url: string | undefined; body: string }[] = [];
  const server = createServer(async (request, response) => {
    requests.push({ url: request.url, body: await text(request) });
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      await once(server.close(), "close");
    },
  };
};

test("a function gets the event, and its answer comes back", async () => {
  await using api = await startLambdaApi({ body: '{"batchItemFailures":[]}' });

  expect(await invokeFunction(api.endpoint, "worker", { Records: [] })).toEqual({
    batchItemFailures: [],
  });

  expect(api.requests).toEqual([
    { url: "/2015-03-31/functions/worker/invocations", body: '{"Records":[]}' },
  ]);
});

test("a function that answers nothing gives null", async () => {
  await using api = await startLambdaApi({ body: "" });

  expect(await invokeFunction(api.endpoint, "worker", {})).toBeNull();
});

test.each([
  {
    name: "failed",
    answer: {
      headers: { "x-amz-function-error": "Unhandled" },
      body: '{"errorMessage":"[504] - Lambda timeout.","errorType":"Error"}',
    },
    says: "worker: [504] - Lambda timeout.",
  },
  {
    name: "isn't there",
    answer: { status: 404, body: '{"Message":"Function not found: worker"}' },
    says: 'worker: {"Message":"Function not found: worker"}',
  },
])("a function that $name is an error", async ({ answer, says }) => {
  await using api = await startLambdaApi(answer);

  await expect(invokeFunction(api.endpoint, "worker", {})).rejects.toThrow(says);
});

test("a schedule goes on after a failure, one call at a time, until it is stopped", async () => {
  const logged: string[] = [];
  let [calls, running, most] = [0, 0, 0];
  const schedule = startSchedule({
    everySeconds: 0,
    region: "eu-west-1",
    log: (message) => logged.push(message),
    invoke: async (event) => {
      calls += 1;
      running += 1;
      most = Math.max(most, running);
      expect(event).toMatchObject({ "detail-type": "Scheduled Event", source: "aws.events" });
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (calls === 1) throw new Error("first");
    },
  });

  await expect.poll(() => calls).toBeGreaterThan(5);
  schedule.stop();

  expect(most).toBe(1);
  expect(logged).toEqual(["Error: first"]);
});
