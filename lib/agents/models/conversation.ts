import type { ModelMessage } from "ai";
import * as z from "zod";
import { agentNames } from "../../catalog/load.ts";
import { budgetQuestion } from "../../domain/budget/budget.ts";
import { limitRef } from "../../domain/budget/limit.ts";
import { type Json, jsonByteLength } from "../../domain/json.ts";
import { AgentError, type AgentResult } from "../context.ts";
import { type AnswerFormat, conflictIn, outputOf, readAnswer } from "./answer.ts";
import type { Reply } from "./call-model.ts";
import { fitMessages } from "./fit-messages.ts";
import type { Asked, Question } from "./paid-call.ts";
import { runTurn, type ToolScope, type Turn, toolMessage } from "./tool-turn.ts";

/** All that a run needs to go on from where it stopped. */
export type State = {
  /** What was said after the prompt, which is made anew in each run. */
  messages: ModelMessage[];
  turn: Turn | null;
  repaired: boolean;
  /** Answers of models so far, in earlier runs of the task too. */
  replies: number;
  /** Keys of the turns so far. */
  turns: string[];
};

const Stored = z.object({
  messages: z.array(z.looseObject({ role: z.string() })),
  turn: z
    .looseObject({
      key: z.string(),
      calls: z.array(z.unknown()),
      results: z.array(z.unknown()),
    })
    .nullable(),
  repaired: z.boolean(),
  replies: z.int(),
  turns: z.array(z.string()).default([]),
});

const beginning: State = { messages: [], turn: null, repaired: false, replies: 0, turns: [] };

const parsedJson = (transcript: Json): unknown => {
  if (typeof transcript !== "string") return transcript;
  try {
    return JSON.parse(transcript);
  } catch {
    return null;
  }
};

/** Where an earlier run of this task stopped, or the beginning. */
export const restoreState = (transcript: Json): State => {
  const parsed = Stored.safeParse(parsedJson(transcript));
  return parsed.success ? { ...(parsed.data as unknown as State), repaired: false } : beginning;
};

/** Bytes of a conversation that is kept, which have to fit an artifact, and of one that is sent. */
const maxKept = 80_000;
const maxSent = 400_000;
/** Left to the conversation beside a prompt of any length. */
const leastSent = 100_000;

/** A turn that is under way, without what is not needed to go on with it. */
const shrinkTurn = (turn: Turn): Turn => ({
  ...turn,
  calls: turn.calls.map((call, index) =>
    index < turn.results.length ? { ...call, input: null } : call,
  ),
});

/** The results of a turn that is under way are the newest there is. */
const fitState = (state: State): State => {
  if (!state.turn) return { ...state, messages: fitMessages(state.messages, maxKept) };
  const turn = shrinkTurn(state.turn);
  const most = maxKept - jsonByteLength(turn.calls);
  const fitted = fitMessages([...state.messages, toolMessage(turn)], most);
  const results = fitted.at(-1)?.content as Turn["results"];
  return { ...state, turn: { ...turn, results }, messages: fitted.slice(0, -1) };
};

/** As text: what a model gives a tool may be nested deeper than an artifact. */
const keep = (state: State): string => JSON.stringify(fitState(state));

/**
 * What a run that stops for a person leaves. Without it, the answer would come to a run that does not know the question.
 *
 * @throws AgentError `too_long`, which another attempt may cure
 */
const leave = (state: State): string => {
  const kept = keep(state);
  if (jsonByteLength(kept) <= 2 * maxKept) return kept;
  const message = "The agent has said too much to go on from after a person's answer.";
  throw new AgentError("too_long", message, { retryable: true });
};

/** Answers of models in one run: an agent that never comes to an end is stopped. */
const maxReplies = 24;
/** Characters of an invalid answer that are sent back with what is wrong with it. */
const maxRepaired = 40_000;

export type Conversation = {
  /** What is to be done. */
  prompt: string;
  ask: (question: Pick<Question, "messages" | "purpose">) => Promise<Asked>;
  scope: Omit<ToolScope, "turns">;
  format: AnswerFormat;
  /** Whether the output is a tester's. */
  isTest: boolean;
  purpose: Question["purpose"];
};

const brokenOff = "It was cut off at the limit of its length: answer again, shorter.";

const invalid = (problems: string) =>
  new AgentError("invalid_answer", `The model's answer does not meet its schema. ${problems}`, {
    retryable: true,
  });

const withRepair = (state: State, text: string, problems: string): State => {
  const asked = `The answer is not valid:\n${problems}\nAnswer again with the whole JSON object, corrected.`;
  return {
    ...state,
    repaired: true,
    messages: [
      ...state.messages,
      {
        role: "assistant",
        content: text.slice(0, maxRepaired).toWellFormed().trim() || "(nothing)",
      },
      { role: "user", content: asked },
    ],
  };
};

type Step = { state: State } | { result: AgentResult };

const others = ({ request }: Conversation["scope"]): string[] =>
  agentNames.filter((type) => type !== request.task.agent_type);

const onText = (
  { format, isTest, scope, purpose }: Conversation,
  state: State,
  { reply, written_by }: { reply: Reply; written_by: string },
): Step => {
  const read = readAnswer(format, reply.text);
  if ("answer" in read) {
    const conflict = conflictIn(read.answer, purpose === "mediation" ? [] : others(scope));
    if (conflict) return { result: { kind: "conflict", conflict } };
    return { result: outputOf(read.answer, { isTest, written_by }) };
  }
  const problems = reply.finish === "length" ? `${read.problems}\n${brokenOff}` : read.problems;
  if (state.repaired) throw invalid(problems);
  return { state: withRepair(state, reply.text, problems) };
};

const onTools = async ({ scope }: Conversation, state: State, turn: Turn): Promise<Step> => {
  const turns = [...state.turns, turn.key];
  const next = await runTurn({ ...scope, turns }, turn, (done) =>
    scope.tools.checkpoint(keep({ ...state, turn: done })),
  );
  if (next.pending) {
    const { question, options } = next.pending;
    return {
      result: { kind: "question", question, options, transcript: leave({ ...state, turn: next }) },
    };
  }
  const messages = [...state.messages, toolMessage(next)];
  return { state: { ...state, turn: null, turns, repaired: false, messages } };
};

const stopped = (asked: Extract<Asked, { stopped: unknown }>, state: State): Step => {
  const { kind, limit } = asked.stopped;
  return {
    result: {
      kind: "budget",
      question: budgetQuestion(kind, limit),
      about: { kind, ...limitRef(limit) },
      transcript: leave(state),
    },
  };
};

const purposeOf = ({ purpose }: Conversation, { repaired, replies }: State) => {
  if (purpose === "mediation") return purpose;
  if (repaired) return "repair" as const;
  return replies > 0 ? ("tools" as const) : purpose;
};

/** Tells this conversation from others of the task: of other attempts, after each ruling, and the mediator's. */
const conversationOf = ({ request }: Conversation["scope"]): string => {
  const { task, rulings, mediates } = request;
  return `${task.attempt}.${rulings.length}${mediates ? "m" : ""}`;
};

/** @param repliesBefore answers of models in earlier runs */
const advance = async (talk: Conversation, state: State, repliesBefore: number): Promise<Step> => {
  if (state.turn) return onTools(talk, state, state.turn);
  if (state.replies - repliesBefore >= maxReplies) {
    const message = `No result after ${maxReplies} answers of models.`;
    throw new AgentError("too_many_calls", message, { retryable: false });
  }
  const prompt = { role: "user", content: talk.prompt } as const;
  const messages = [
    prompt,
    ...fitMessages(state.messages, Math.max(leastSent, maxSent - jsonByteLength(prompt))),
  ];
  const asked = await talk.ask({ messages, purpose: purposeOf(talk, state) });
  if ("stopped" in asked) return stopped(asked, state);
  const { reply, ref } = asked;
  const counted = { ...state, replies: state.replies + 1 };
  if (reply.calls.length > 0) {
    const said = reply.messages.filter(({ role }) => role !== "tool");
    const key = `${conversationOf(talk.scope)}:${counted.replies}`;
    const turn = { key, calls: reply.calls, results: [], pending: null };
    return { state: { ...counted, messages: [...state.messages, ...said], turn } };
  }
  return onText(talk, counted, { reply, written_by: `${ref.provider.name}/${ref.model}` });
};

/** Talks with a model until it has answered, needs a person, or may not be asked any more. */
export const converse = async (talk: Conversation, start: State): Promise<AgentResult> => {
  let step: Step = { state: start };
  while ("state" in step) step = await advance(talk, step.state, start.replies);
  return step.result;
};
