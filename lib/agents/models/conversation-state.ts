import type { ModelMessage } from "ai";
import * as z from "zod";
import { type Json, jsonByteLength } from "../../domain/json.ts";
import { AgentError } from "../context.ts";
import { fitMessages } from "./fit-messages.ts";
import { GivenUp } from "./given-up.ts";
import { type Turn, toolMessage } from "./tool-turn.ts";

/** The state of a conversation with a model: all that the next run needs to continue it. */
export type ConversationState = {
  /** The messages after the prompt. Each run writes the prompt again. */
  messages: ModelMessage[];
  turn: Turn | null;
  /** So many of the messages stay when a model is given up: those after them are its bad answers. */
  kept: number;
  /** The model of the last reply, `provider/model`; null before the first one. */
  model: string | null;
  /** Whether the model was asked to correct its answer, and whether it got more room for it. */
  repaired: boolean;
  stretched: boolean;
  /** Tool turns in a row that brought nothing. */
  wasted: number;
  /** Models that the task does without, in all its attempts. */
  given_up: GivenUp[];
  /** Output tokens for the next answer; null as long as no answer was cut off. */
  room: number | null;
  /** Output tokens that the next answer needs at least; null when that is not known. */
  least: number | null;
  /** How many times the context was made shorter. */
  shrink: number;
  /** Number of model replies so far, also in earlier runs of the task. */
  replies: number;
  /** Keys of the tool turns so far. */
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
  kept: z.int().optional(),
  model: z.string().nullable().default(null),
  repaired: z.boolean(),
  stretched: z.boolean().default(false),
  wasted: z.int().default(0),
  given_up: z.array(GivenUp).default([]),
  room: z.int().nullable().default(null),
  least: z.int().nullable().default(null),
  shrink: z.int().default(0),
  replies: z.int(),
  turns: z.array(z.string()).default([]),
});

const initialState: ConversationState = {
  messages: [],
  turn: null,
  kept: 0,
  model: null,
  repaired: false,
  stretched: false,
  wasted: 0,
  given_up: [],
  room: null,
  least: null,
  shrink: 0,
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

/** Reads the checkpoint of an earlier run; gives the initial state when there is none, or it is not readable. */
export const restoreState = (transcript: Json): ConversationState => {
  const parsed = StoredState.safeParse(parsedJson(transcript));
  if (!parsed.success) return initialState;
  const state = parsed.data as unknown as ConversationState;
  return { ...state, kept: parsed.data.kept ?? state.messages.length, repaired: false };
};

/** Drops the bad answers of the model that was asked, and what they were answered with: the next one begins from before them. */
export const startedOver = (state: ConversationState, model: string | null): ConversationState => ({
  ...state,
  messages: state.messages.slice(0, state.kept),
  model,
  repaired: false,
  stretched: false,
  wasted: 0,
});

/** Bytes of a stored conversation, which has to fit an artifact. */
const maxStoredBytes = 80_000;

/** Removes the inputs of finished calls from a turn. */
const shrinkTurn = (turn: Turn): Turn => ({
  ...turn,
  calls: turn.calls.map((call, index) =>
    index < turn.results.length ? { ...call, input: null } : call,
  ),
});

/** Shortens the oldest messages until the state fits. The results of an open turn count as the newest message. */
const fitState = (state: ConversationState): ConversationState => {
  if (!state.turn) return { ...state, messages: fitMessages(state.messages, maxStoredBytes) };
  const turn = shrinkTurn(state.turn);
  const maxBytes = maxStoredBytes - jsonByteLength(turn.calls);
  const fitted = fitMessages([...state.messages, toolMessage(turn)], maxBytes);
  const results = fitted.at(-1)?.content as Turn["results"];
  return { ...state, turn: { ...turn, results }, messages: fitted.slice(0, -1) };
};

/** Writes a state as text, because a tool's input may be nested deeper than an artifact's JSON may be. */
export const serializeState = (state: ConversationState): string => JSON.stringify(fitState(state));

/**
 * Writes the state of a run that stops for a person. The next run needs it to know which question was answered.
 *
 * @throws AgentError `too_long` (retryable) for a state of more than 160 000 bytes
 */
export const transcriptOf = (state: ConversationState): string => {
  const kept = serializeState(state);
  if (jsonByteLength(kept) <= 2 * maxStoredBytes) return kept;
  const message = "The agent has said too much to go on from after a person's answer.";
  throw new AgentError("too_long", message, { retryable: true });
};
