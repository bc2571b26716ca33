import type { ModelMessage } from "ai";
import * as z from "zod";
import { type Json, jsonByteLength } from "../../domain/json.ts";
import { AgentError } from "../context.ts";
import { fitMessages } from "./fit-messages.ts";
import { type Turn, toolMessage } from "./tool-turn.ts";

/** All that a run needs to go on from where it stopped. */
export type ConversationState = {
  /** What was said after the prompt, which is made anew in each run. */
  messages: ModelMessage[];
  turn: Turn | null;
  repaired: boolean;
  /** Answers of models so far, in earlier runs of the task too. */
  replies: number;
  /** Keys of the turns so far. */
  turns: string[];
};

const StoredState = z.object({
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

const initialState: ConversationState = {
  messages: [],
  turn: null,
  repaired: false,
  replies: 0,
  turns: [],
};

const parsedJson = (transcript: Json): unknown => {
  if (typeof transcript !== "string") return transcript;
  try {
    return JSON.parse(transcript);
  } catch {
    return null;
  }
};

/** Where an earlier run of this task stopped, or the beginning. */
export const restoreState = (transcript: Json): ConversationState => {
  const parsed = StoredState.safeParse(parsedJson(transcript));
  return parsed.success
    ? { ...(parsed.data as unknown as ConversationState), repaired: false }
    : initialState;
};

/** Bytes of a conversation that is kept, which have to fit an artifact, and of one that is sent. */
const maxStoredBytes = 80_000;

/** A turn that is under way, without what is not needed to go on with it. */
const shrinkTurn = (turn: Turn): Turn => ({
  ...turn,
  calls: turn.calls.map((call, index) =>
    index < turn.results.length ? { ...call, input: null } : call,
  ),
});

/** The results of a turn that is under way are the newest there is. */
const fitState = (state: ConversationState): ConversationState => {
  if (!state.turn) return { ...state, messages: fitMessages(state.messages, maxStoredBytes) };
  const turn = shrinkTurn(state.turn);
  const maxBytes = maxStoredBytes - jsonByteLength(turn.calls);
  const fitted = fitMessages([...state.messages, toolMessage(turn)], maxBytes);
  const results = fitted.at(-1)?.content as Turn["results"];
  return { ...state, turn: { ...turn, results }, messages: fitted.slice(0, -1) };
};

/** As text: what a model gives a tool may be nested deeper than an artifact. */
export const serializeState = (state: ConversationState): string => JSON.stringify(fitState(state));

/**
 * What a run that stops for a person leaves. Without it, the answer would come to a run that does not know the question.
 *
 * @throws AgentError `too_long`, which another attempt may cure
 */
export const transcriptOf = (state: ConversationState): string => {
  const kept = serializeState(state);
  if (jsonByteLength(kept) <= 2 * maxStoredBytes) return kept;
  const message = "The agent has said too much to go on from after a person's answer.";
  throw new AgentError("too_long", message, { retryable: true });
};
