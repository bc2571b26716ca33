import * as z from "zod";
import type { AgentContext, AgentResult, HumanAnswer } from "../../../../lib/agents/context.ts";
import type { ChainResult } from "../../../../lib/agents/models/ask-models.ts";
import type { RawReply, ToolCall } from "../../../../lib/agents/models/call-model.ts";
import { converse } from "../../../../lib/agents/models/conversation.ts";
import type { Conversation } from "../../../../lib/agents/models/conversation-models.ts";
import {
  type ConversationState,
  restoreState,
} from "../../../../lib/agents/models/conversation-state.ts";
import { replyFormat } from "../../../../lib/agents/models/model-reply.ts";
import { builtInTools, type ModelTool } from "../../../../lib/agents/models/tools.ts";
import type { Json } from "../../../../lib/domain/json.ts";
import type { SideEffect } from "../../../../lib/domain/task/side-effect.ts";
import type { ModelRef } from "../../../../lib/settings/providers.ts";
import { anItem, aRequest, fakeTools } from "../builders.ts";

/** A model of OpenAI. */
export const aModel = (model: string): ModelRef => ({
  model,
  provider: {
    name: "openai",
    api: "openai",
    base_url: "http://x",
    api_key: null,
    region: null,
    model: "gpt-5",
  },
});

const ref = aModel("gpt-5");

const aReply = (fields: Partial<RawReply>): Extract<ChainResult, { reply: unknown }> => ({
  ref,
  limit: 16_000,
  most: null,
  shrink: 0,
  failed: [],
  reply: { text: "", calls: [], messages: [], tokens: null, finish: "stop", ...fields },
});

/** What a model writes. */
export const writes = (text: string, finish: RawReply["finish"] = "stop") =>
  aReply({ text, finish });

export const anAnswer = (fields: Record<string, unknown> = {}) =>
  writes(JSON.stringify({ content: "A haiku", summary: "Done.", confidence: 0.8, ...fields }));

export const aCall = (name: string, input: unknown, fields: Partial<ToolCall> = {}): ToolCall => ({
  id: `call-${name}`,
  name,
  input,
  problem: null,
  ...fields,
});

/** A model that wants tools to be used. */
export const wants = (...calls: ToolCall[]) =>
  aReply({
    calls,
    finish: "tool-calls",
    messages: [
      {
        role: "assistant",
        content: calls.map(({ id, name, input }) => ({
          type: "tool-call",
          toolCallId: id,
          toolName: name,
          input,
        })),
      },
      { role: "tool", content: [] },
    ],
  });

export const approved = (question: string): HumanAnswer => ({
  question,
  action: "approve",
  content: null,
  comment: null,
});

type Given = {
  answers?: readonly HumanAnswer[];
  transcript?: Json;
  prompt?: string;
  purpose?: Conversation["purpose"];
  isTest?: boolean;
  /** The schema of the content; a text without it. */
  content?: z.ZodType;
  complete?: Conversation["complete"];
  signal?: AbortSignal;
  context?: Partial<AgentContext["context"]>;
  available?: Record<string, ModelTool>;
  /** What was begun before, by its key. */
  begun?: Map<string, SideEffect>;
  /** The models, each of which says what the script has next; `gpt-5` alone without them. */
  chain?: readonly ModelRef[];
  retry?: readonly ModelRef[];
  attempt?: number;
  failed_attempts?: number;
};

/** One run with a model that says what is given, one answer after another; the last one again and again. */
export const talk = async (script: readonly ChainResult[], given: Given = {}) => {
  const { answers = [], transcript = null, begun = new Map<string, SideEffect>() } = given;
  const { tools, calls, kept } = fakeTools(given.signal);
  const written: unknown[] = [];
  const mended: string[][] = [];
  const asked: { purpose: string; messages: ConversationState["messages"] }[] = [];
  const questions: { model: string | undefined; maxOutputTokens: number; least: number | null }[] =
    [];
  const effects: AgentContext["effects"] = {
    begin: async (key, what) => {
      const earlier = begun.get(key) ?? null;
      if (!earlier) begun.set(key, { key, what, digest: what, outcome: null });
      return earlier;
    },
    end: async (key, outcome) => {
      const effect = begun.get(key);
      if (effect) begun.set(key, { ...effect, outcome });
    },
    list: () => [...begun.values()],
    latest: (what) => [...begun.values()].findLast(({ digest }) => digest === what),
  };
  const context = {
    ...tools.context,
    list: async () => [anItem({ context_id: "c1" })],
    write: async (note: { key: string }) => {
      written.push(note);
      return `c${written.length}`;
    },
    ...given.context,
  };
  const before = restoreState(transcript);
  const result = await converse(
    {
      promptFor: () => [given.prompt ?? "Write a haiku."],
      chains: { usual: given.chain ?? [ref], retry: given.retry ?? [] },
      now: () => new Date(),
      maxOutputTokens: 16_000,
      ask: async ([first], { messagesFor, purpose, shrink, maxOutputTokens, minOutputTokens }) => {
        asked.push({ purpose, messages: [...messagesFor(shrink)] });
        questions.push({ model: first?.model, maxOutputTokens, least: minOutputTokens ?? null });
        const reply = script[asked.length - 1] ?? script.at(-1);
        if (!reply) throw new Error("The model was asked and has nothing to say.");
        return "reply" in reply && first ? { ...reply, ref: first } : reply;
      },
      scope: {
        request: aRequest({
          task: {
            agent_type: "coder",
            attempt: given.attempt ?? 1,
            failed_attempts: given.failed_attempts ?? 0,
          },
          answers,
        }),
        agentContext: { ...tools, effects, context },
        tools: given.available ?? builtInTools,
      },
      format: replyFormat(given.content ?? z.string()),
      complete: given.complete ?? (async (content) => ({ content })),
      isTest: given.isTest ?? false,
      onMended: (model, mends) => {
        mended.push([model, ...mends]);
      },
      purpose: given.purpose ?? "answer",
    },
    before,
  );
  /** What the tools gave, as the model reads it. */
  const results = (asked.at(-1)?.messages ?? [])
    .filter(({ role }) => role === "tool")
    .flatMap(
      ({ content }) => content as { toolCallId: string; output: { type: string; value: string } }[],
    )
    .map(({ toolCallId, output }) => [toolCallId, output.type, output.value]);
  return { result, asked, questions, results, written, mended, said: calls, begun, kept };
};

/** A question with which a run ended, and what it left. */
export const questionIn = (result: AgentResult) => {
  if (result.kind !== "question") throw new Error(`Gave a ${result.kind} instead`);
  return { question: result.question, transcript: result.transcript ?? null };
};
