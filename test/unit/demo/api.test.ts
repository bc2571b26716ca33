import { afterEach, expect, test, vi } from "vitest";
import { openApi, Refused } from "../../../localstack/demo/api.ts";
import { projectId } from "./builders.ts";

const json = (status: number, body: unknown) =>
  Response.json(body, { status, headers: { "content-type": "application/problem+json" } });

/** A stack that gives these answers in turn; null: nobody is there. */
const stub = (...answers: (Response | null)[]) => {
  const calls: { url: string; key: string | null; body: unknown }[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const key = new Headers(init.headers).get("idempotency-key");
    calls.push({ url, key, body: init.body });
    const answer = answers.shift();
    if (!answer) throw new TypeError("fetch failed");
    return answer;
  });
  return calls;
};

afterEach(() => void vi.unstubAllGlobals());

const api = openApi("http://stack");

test("when nothing answers, one line says what to do", async () => {
  stub(null);

  await expect(api.getProject(projectId)).rejects.toThrow(
    "Nothing answers at http://stack: start the stack with npm run dev in another terminal.",
  );
});

test("what the stack refuses is its own sentence", async () => {
  stub(json(409, { status: 409, detail: "It is approved." }));
  const answer = api.respond("r", { action: "approve" });

  await expect(answer).rejects.toThrow(new Refused({ status: 409, detail: "It is approved." }));
});

test("an answer that is no problem document is named by its status", async () => {
  stub(new Response("<h1>Not here</h1>", { status: 404 }));

  await expect(api.getProject(projectId)).rejects.toThrow("answers 404");
});

test("an answer to a gate is sent again after a passing failure, under one key", async () => {
  const calls = stub(json(503, { status: 503, detail: "Busy" }), json(200, {}));
  await api.respond("r", { action: "approve" });

  expect(calls.map(({ url }) => url)).toEqual([
    "http://stack/api/v1/hitl/r/respond",
    "http://stack/api/v1/hitl/r/respond",
  ]);
  expect(calls[0]?.key).toMatch(/^[\da-f-]{36}$/);
  expect(calls[1]?.key).toBe(calls[0]?.key);
  expect(calls[1]?.body).toBe('{"action":"approve"}');
});
