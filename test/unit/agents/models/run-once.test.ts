import { expect, test } from "vitest";
import * as z from "zod";
import { builtInTools, type ModelTool } from "../../../../lib/agents/models/tools.ts";
import type { SideEffect } from "../../../../lib/domain/task/side-effect.ts";
import { aCall, anAnswer, approved, questionIn, talk, wants } from "./converse.ts";

const ask = aCall("ask_human", { question: "Which database?" });

/** A tool that may be used once, with the number of times it was. */
const aSender = () => {
  const sent: true[] = [];
  const send: ModelTool = {
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
const sending = async (begun = new Map<string, SideEffect>()) => {
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
  const send: ModelTool = {
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
  const begun = new Map<string, SideEffect>();
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
