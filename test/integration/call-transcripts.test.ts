import { expect, test } from "vitest";
import { getTranscript, listTaskCalls } from "../../lib/services/projects/calls.ts";
import { callers } from "../support/authenticator.ts";
import { aCall } from "../support/backend.ts";
import { anId } from "../support/builders.ts";
import { good, hurriedClock, inTurn, startModels } from "../support/models-backend.ts";
import { randomOf } from "../support/random.ts";

const run = async (env: Record<string, string>) => {
  const clock = hurriedClock();
  const refused = { status: 403, error: { message: "Not in your plan." } };
  const backend = await startModels(
    inTurn(refused, good),
    { AGENT_MODELS: "*=openai", MODEL_FALLBACK: "anthropic", ...env },
    { clock },
  );
  const { project_id, task } = await backend.run("Write a haiku about bees.");
  const named = { project_id, task_id: task?.task_id ?? "" };
  const page = { after: null, limit: 50 };
  const { items } = await listTaskCalls(backend.deps, aCall(), { ...named, ...page });
  const read = (call_id = "", call = aCall()) =>
    getTranscript(backend.deps, call, { ...named, call_id });
  return { backend, clock, calls: items.map(({ call_id }) => call_id), read };
};

test("a transcript has what was sent and what came, until it expires", async () => {
  const { backend, clock, calls, read } = await run({ KEEP_TRANSCRIPTS: "12h" });
  await using _ = backend;
  const failed = await read(calls[0]);
  expect(failed.content).toMatchObject({
    request: { model: expect.stringContaining("openai/"), purpose: "answer" },
    response: { text: "", error_code: "forbidden" },
  });
  const answered = await read(calls[1]);
  expect(JSON.stringify(answered.content)).toContain("Write a haiku about bees.");
  expect(answered.content).toMatchObject({
    request: { system: expect.stringContaining("You are the coder"), messages: [{ role: "user" }] },
    response: { text: expect.stringContaining("confidence"), finish: "stop" },
  });
  await expect(read(calls[1], aCall(callers.zoe))).rejects.toMatchObject({ code: "not-found" });
  clock.forward(12 * 3_600_000);
  await expect(read(calls[1])).rejects.toMatchObject({ code: "not-found" });
});

test("without the setting none is kept", async () => {
  const { backend, calls, read } = await run({});
  await using _ = backend;
  expect(calls).toHaveLength(2);
  await expect(read(calls[1])).rejects.toMatchObject({ code: "not-found" });
});

test("a transcript that an item cannot hold is kept with its long texts truncated", async () => {
  await using backend = await startModels(good);
  const random = randomOf(7);
  const noise = Array.from({ length: 40_000 }, () => random().toString(36).slice(2)).join("");
  const named = { project_id: anId(1), task_id: anId(2), call_id: anId(3) };
  await backend.deps.saveTranscript(
    { tenant: "local", project_id: named.project_id },
    {
      ...named,
      expires_at: "2099-01-01T00:00:00.000Z",
      content: { short: "whole", long: noise, longer: noise },
    },
  );
  const { content } = await getTranscript(backend.deps, aCall(), named);
  const { short, long } = content as Record<string, string>;
  expect(short).toBe("whole");
  expect(long?.slice(0, 20_000 - 1)).toBe(noise.slice(0, 20_000 - 1));
  expect(long?.length).toBeLessThan(noise.length);
});
