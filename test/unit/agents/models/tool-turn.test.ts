import { expect, test } from "vitest";
import * as z from "zod";
import { type AgentTool, builtInTools } from "../../../../lib/agents/models/tools.ts";
import type { Effect } from "../../../../lib/domain/effect.ts";
import type { Json } from "../../../../lib/domain/json.ts";
import { aCall, anAnswer, approved, questionIn, talk, wants } from "./talk.ts";

const reads = aCall("read_context", { context_id: "c1" });
const write = aCall("write_context", { artifact_type: "agent_output", content: "A note" });
const ask = aCall("ask_human", { question: " Which database? ", options: ["SQLite"] });

test("a tool without effects is used at once, and said", async () => {
  const { results, said, result } = await talk([wants(reads), anAnswer()]);
  expect(results).toEqual([["call-read_context", "text", "There is no such artifact."]]);
  expect(said).toEqual(["say Uses read_context."]);
  expect(result).toMatchObject({ kind: "output" });
});

test.each([
  { name: "an unknown tool", call: aCall("paint", {}), says: "There is no tool paint." },
  {
    name: "a name that every object has",
    call: aCall("toString", {}),
    says: "There is no tool toString.",
  },
  { name: "a wrong input", call: aCall("read_context", { id: 5 }), says: "context_id" },
  { name: "no input", call: aCall("read_context", undefined), says: "expected object" },
  {
    name: "an input that is no JSON",
    call: aCall("read_context", "{", { problem: "Not JSON." }),
    says: "Not JSON.",
  },
  { name: "a blank question", call: aCall("ask_human", { question: " " }), says: "question" },
])("the model is told of $name, and nothing is done", async ({ call, says }) => {
  const { results, said, result } = await talk([wants(call), anAnswer()]);
  expect(results).toEqual([[call.id, "error-text", expect.stringContaining(says)]]);
  expect(said).toEqual([]);
  expect(result).toMatchObject({ kind: "output" });
});

test("a tool that fails is for the model to read", async () => {
  const read = async () => {
    throw new Error("The table does not answer.");
  };
  const { results } = await talk([wants(reads), anAnswer()], { context: { read } });
  expect(results).toEqual([["call-read_context", "error-text", "The table does not answer."]]);
});

test("the end of the run is not", async () => {
  const run = new AbortController();
  const read = async () => {
    run.abort(new Error("lease lost"));
    throw new Error("Too late.");
  };
  const failing = talk([wants(reads), anAnswer()], { context: { read }, signal: run.signal });
  await expect(failing).rejects.toThrow("lease lost");
});

test("a long result is cut, and says so", async () => {
  const content = `${"x".repeat(19_999)}🐝${"y".repeat(99)}`;
  const tool: AgentTool = {
    description: "Gives a lot.",
    schema: z.object({}),
    has_effects: false,
    runs_once: false,
    run: async () => ({ value: content }),
  };
  const { results } = await talk([wants(aCall("much", {})), anAnswer()], {
    available: { much: tool },
  });
  expect(results[0]?.[2]).toBe(`${"x".repeat(19_999)}\ufffd [… 100 characters more]`);
});

test("a tool with effects waits for a person, who reads what it would do", async () => {
  const { result, written, begun, asked } = await talk([wants(write), anAnswer()]);
  expect(result).toMatchObject({
    kind: "question",
    question:
      'The coder wants to use write_context with {"artifact_type":"agent_output","content":"A note"}. Approve to let it, or amend to say what to do instead.',
    options: [],
  });
  expect([written, begun.size, asked.length]).toEqual([[], 0, 1]);
});

/** Runs until a person is asked, and goes on with what they say. */
const afterStop = async (
  { question, transcript }: { question: string; transcript: Json },
  answer: Partial<ReturnType<typeof approved>>,
) => talk([anAnswer()], { transcript, answers: [{ ...approved(question), ...answer }] });

test("approved, it is used once, and the model reads what it gave", async () => {
  const stop = questionIn((await talk([wants(write)])).result);
  const { written, results, said, result } = await afterStop(stop, {});
  expect(written).toEqual([{ artifact_type: "agent_output", content: "A note", key: "1.0:1:0" }]);
  expect(results).toEqual([["call-write_context", "text", '{"context_id":"c1"}']]);
  expect(said).toEqual(["say Uses write_context, as approved."]);
  expect(result).toMatchObject({ kind: "output" });
});

test("amended, it is not used, and the model reads why", async () => {
  const stop = questionIn((await talk([wants(write)])).result);
  const { written, results } = await afterStop(stop, {
    action: "amend",
    content: "Not now",
    comment: "Later",
  });
  expect(written).toEqual([]);
  expect(results).toEqual([
    [
      "call-write_context",
      "error-text",
      'Not done. The person said: {"answer":"amend","words":"Not now","comment":"Later"}',
    ],
  ]);
});

/** A tool that may be used once, with the number of times it was. */
const aSender = () => {
  const sent: true[] = [];
  const send: AgentTool = {
    description: "Sends a letter.",
    schema: z.object({}),
    has_effects: true,
    runs_once: true,
    run: async () => {
      sent.push(true);
      return { value: "Sent." };
    },
  };
  return { sent, available: { send } };
};

/** Stopped to ask whether to send; what is `begun` by then is what another attempt did after the answer. */
const sending = async (begun = new Map<string, Effect>()) => {
  const { sent, available } = aSender();
  const stop = questionIn((await talk([wants(aCall("send", {}))], { available })).result);
  const given = {
    transcript: stop.transcript,
    answers: [approved(stop.question)],
    available,
    begun,
  };
  return { sent, given, ended: await talk([anAnswer()], given) };
};

test.each([
  {
    outcome: null,
    type: "error-text",
    says: "begun before and is not done again. Nobody knows how it ended.",
  },
  {
    outcome: "Sent on Monday.",
    type: "text",
    says: "begun before and is not done again. It ended with: Sent on Monday.",
  },
])(
  "what an earlier attempt began is not done again, and the model reads how it ended: $outcome",
  async ({ outcome, type, says }) => {
    const key = "1.0:1:0";
    const begun = new Map([[key, { key, what: "send with {}", digest: "send with {}", outcome }]]);
    const { sent, ended } = await sending(begun);
    expect([sent, ended.kept]).toEqual([[], []]);
    expect(ended.results).toEqual([["call-send", type, expect.stringContaining(says)]]);
  },
);

test("what was done is remembered with how it ended", async () => {
  const { sent, ended } = await sending();
  expect(sent).toHaveLength(1);
  expect([...ended.begun.values()]).toEqual([
    { key: "1.0:1:0", what: "send with {}", digest: "send with {}", outcome: "Sent." },
  ]);
});

test("a failure of what is done once leaves it open whether it was done", async () => {
  const { available } = aSender();
  const send: AgentTool = {
    ...available.send,
    has_effects: false,
    run: async () => {
      throw new Error("Connection reset.");
    },
  };
  const { results, begun, kept } = await talk([wants(aCall("send", {})), anAnswer()], {
    available: { send },
  });
  const says = "Nobody knows whether it was done. Connection reset.";
  expect(results).toEqual([["call-send", "error-text", says]]);
  expect([...begun.values()]).toMatchObject([{ outcome: says }]);
  expect(kept).toHaveLength(1);
});

test.each([
  { outcome: null, says: "It began to before, in this task, and nobody knows how that ended." },
  {
    outcome: "Sent.\u202e",
    says: 'It did before, in this task, which ended with "Sent.\\u{202e}".',
  },
])(
  "what another conversation of the task did is done again only if a person wants it: $outcome",
  async ({ outcome, says }) => {
    const { sent, available } = aSender();
    const free = { send: { ...available.send, has_effects: false } };
    const key = "1.0:7:0";
    const what = 'send with {"a":1,"b":2}';
    const begun = new Map([[key, { key, what, digest: what, outcome }]]);
    const script = [wants(aCall("send", { b: 2, a: 1 }))];
    const stop = questionIn((await talk(script, { available: free, begun })).result);
    expect(stop.question).toBe(
      `The coder wants to use send with {"b":2,"a":1}. ${says} Approve to let it, or amend to say what to do instead.`,
    );
    expect(sent).toEqual([]);
    const answers = [approved(stop.question)];
    await talk([anAnswer()], { transcript: stop.transcript, answers, available: free, begun });
    expect(sent).toHaveLength(1);
  },
);

test("a person who wants it once more is asked once, not each time", async () => {
  const { sent, available } = aSender();
  const free = { send: { ...available.send, has_effects: false } };
  const send = wants(aCall("send", {}));
  const earlier = {
    key: "1.0:7:0",
    what: "send with {}",
    digest: "send with {}",
    outcome: "Sent.",
  };
  const begun = new Map([[earlier.key, earlier]]);
  const stop = questionIn((await talk([send], { available: free, begun })).result);
  const answers = [approved(stop.question)];
  const given = { transcript: stop.transcript, answers, available: free, begun };
  const { result } = await talk([send, send, anAnswer()], given);
  expect(result).toMatchObject({ kind: "output" });
  expect(sent).toHaveLength(3);
});

test("a repetition too long to be shown as a whole is asked about by its beginning", async () => {
  const { available } = aSender();
  const free = { send: { ...available.send, has_effects: false } };
  const what = `send with {"text":"${"x".repeat(9_000)}"}`;
  const begun = new Map([["1.0:7:0", { key: "1.0:7:0", what, digest: what, outcome: "Sent." }]]);
  const script = [wants(aCall("send", { text: "x".repeat(9_000) }))];
  const { question } = questionIn((await talk(script, { available: free, begun })).result);
  expect(question).toContain(`xxx [… 6011 characters more]. It did before, in this task`);
  expect(question).toContain("Approve to let it");
});

test("what this conversation itself did it may do again, also after a question", async () => {
  const { sent, available } = aSender();
  const free = {
    send: { ...available.send, has_effects: false },
    ask_human: builtInTools.ask_human,
  };
  const send = wants(aCall("send", {}));
  const begun = new Map<string, Effect>();
  const stop = questionIn(
    (await talk([send, send, wants(ask)], { available: free, begun })).result,
  );
  const answers = [approved(stop.question)];
  const given = { transcript: stop.transcript, answers, available: free, begun };
  const { result } = await talk([send, anAnswer()], given);
  expect(result).toMatchObject({ kind: "output" });
  expect(sent).toHaveLength(3);
});

test("nothing is kept for what was refused", async () => {
  const { available } = aSender();
  const { kept, results } = await talk(
    [wants(aCall("send", "now"), aCall("mail", {})), anAnswer()],
    { available },
  );
  expect(results).toHaveLength(2);
  expect(kept).toEqual([]);
});

test("a later attempt goes on behind what was done, and knows what came of it", async () => {
  const { sent, given, ended } = await sending();
  expect(ended.kept).toHaveLength(1);
  const again = await talk([anAnswer()], { ...given, transcript: ended.kept[0] ?? null });
  expect(sent).toHaveLength(1);
  expect(again.results).toEqual([["call-send", "text", "Sent."]]);
  expect(again.result).toMatchObject({ kind: "output" });
});

test("without an answer to its question it waits on, and the model is not asked", async () => {
  const stop = questionIn((await talk([wants(write)])).result);
  const { result, asked } = await afterStop(stop, { question: "Something else?" });
  expect(questionIn(result)).toEqual(stop);
  expect(asked).toEqual([]);
});

test("a tool that is not allowed any more is not used", async () => {
  const stop = questionIn((await talk([wants(write)])).result);
  const answers = [approved(stop.question)];
  const { transcript } = stop;
  const { results } = await talk([anAnswer()], { transcript, answers, available: {} });
  expect(results).toEqual([
    ["call-write_context", "error-text", expect.stringContaining("Not done.")],
  ]);
});

test("an input too long to be read is not approved: the model is told to shorten it", async () => {
  const long = aCall("write_context", {
    artifact_type: "agent_output",
    content: "x".repeat(9_000),
  });
  const { results, written, result } = await talk([wants(long), anAnswer()]);
  expect(results).toEqual([
    ["call-write_context", "error-text", expect.stringContaining("shorter")],
  ]);
  expect(written).toEqual([]);
  expect(result).toMatchObject({ kind: "output" });
});

test("what would hide from a person is shown by its code", async () => {
  const input = { artifact_type: "agent_output", content: "abc\u202edef\u200b" };
  const stop = questionIn((await talk([wants(aCall("write_context", input))])).result);
  expect(stop.question).toContain("abc\\u{202e}def\\u{200b}");
});

test("a question of the agent goes to the person, and the answer to the model", async () => {
  const first = await talk([wants(ask)]);
  expect(first.result).toMatchObject({
    kind: "question",
    question: "Which database?",
    options: ["SQLite"],
  });
  const stop = questionIn(first.result);
  const { results } = await afterStop(stop, { action: "amend", content: "SQLite" });
  expect(results).toEqual([
    ["call-ask_human", "text", '{"answer":"amend","words":"SQLite","comment":null}'],
  ]);
});

test("of an answer given twice the newest counts", async () => {
  const stop = questionIn((await talk([wants(ask)])).result);
  const answers = ["MySQL", "SQLite"].map((content) => ({ ...approved(stop.question), content }));
  const { results } = await talk([anAnswer()], { transcript: stop.transcript, answers });
  expect(results[0]?.[2]).toContain("SQLite");
});

test("several calls in one turn are taken in their order, across two questions", async () => {
  const begun = new Map<string, Effect>();
  const reading: string[] = [];
  const context = {
    read: async (id: string) => {
      reading.push(id);
      return null;
    },
  };
  const first = await talk([wants(reads, ask, write, aCall("list_files", {}))], { context });
  const one = questionIn(first.result);
  expect(one.question).toBe("Which database?");
  const answers = [approved(one.question)];
  const second = await talk([], { transcript: one.transcript, answers, begun, context });
  const two = questionIn(second.result);
  expect(two.question).toContain("wants to use write_context");
  expect(second.asked).toEqual([]);
  const all = [...answers, approved(two.question)];
  const third = await talk([anAnswer()], {
    transcript: two.transcript,
    answers: all,
    begun,
    context,
  });
  expect(third.results.map(([id, type]) => [id, type])).toEqual([
    ["call-read_context", "text"],
    ["call-ask_human", "text"],
    ["call-write_context", "text"],
    ["call-list_files", "text"],
  ]);
  expect(reading).toEqual(["c1"]);
  expect(third.written).toHaveLength(1);
  expect(third.asked).toMatchObject([{ purpose: "tools" }]);
});
