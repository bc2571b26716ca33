import type { ModelMessage } from "ai";
import { maxContentBytes } from "../../domain/artifact/artifact.ts";
import { jsonByteLength } from "../../domain/json.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { BadAnswer } from "./given-up.ts";

/** What is wrong with an answer: the kind, and the reason in words for the model. */
export type AnswerFault = { code: BadAnswer; problems: string };

/** Characters of an invalid answer that are sent back with its problems. */
const maxRepairedCharacters = 40_000;
/** Characters of an answer that is asked for anew: it is too long to be sent back. */
const maxBeginningCharacters = 1_000;

/** Names the fault of content that no artifact can hold; null when one can. */
export const sizeFault = (content: unknown): AnswerFault | null => {
  const bytes = jsonByteLength(content);
  if (bytes <= maxContentBytes) return null;
  const problems = `\`content\` has ${bytes} bytes, and at most ${maxContentBytes} can be kept: answer with at most ${maxContentBytes} bytes.`;
  return { code: "output_too_large", problems };
};

/** Output tokens: of the call that was cut off, and the most of any call of this model. */
type Room = { limit: number; most: number };

/** How much more room an answer that was cut off gets, where nothing says what its model can write at most. */
const stretchFactor = 4;
/** A room that is not larger by this factor is not worth another call. */
const worthFactor = 1.2;

/**
 * Gives the room for an answer that was cut off; null when there is no more.
 *
 * @param most what the model can write at most; null when that is not known
 */
export const widerRoom = (limit: number, most: number | null): number | null => {
  const wider = most ?? limit * stretchFactor;
  return wider >= limit * worthFactor ? wider : null;
};

/** What the model reads when there is no more room for its answer. */
export const shorterFault = (limit: number, problems: string): AnswerFault => ({
  code: "cut_off",
  problems: `${problems}\nIt was cut off at the limit of its length, ${limit} tokens, and there is no more room: answer in less than ${Math.floor(limit * 0.8)} tokens.`,
});

const beginning = (text: string, length: number): string =>
  text.slice(0, length).toWellFormed().trim() || "(nothing)";

const withRequest = (state: ConversationState, text: string, request: string) => ({
  ...state,
  messages: [
    ...state.messages,
    { role: "assistant", content: text } satisfies ModelMessage,
    { role: "user", content: request } satisfies ModelMessage,
  ],
});

/** Asks for a corrected answer. */
export const withRepair = (
  state: ConversationState,
  text: string,
  { code, problems }: AnswerFault,
): ConversationState => {
  const length = code === "invalid_answer" ? maxRepairedCharacters : maxBeginningCharacters;
  const request = `The answer is not valid:\n${problems}\nAnswer again with the whole JSON object, corrected.`;
  return { ...withRequest(state, beginning(text, length), request), repaired: true };
};

/** Asks for the same answer once more, with more room. */
export const withRoom = (
  state: ConversationState,
  text: string,
  { limit, most }: Room,
): ConversationState => {
  const request = `The answer was cut off at the limit of its length, ${limit} tokens. Now there is room for ${most} tokens: answer again with the whole JSON object, from its beginning.`;
  return {
    ...withRequest(state, beginning(text, maxBeginningCharacters), request),
    stretched: true,
    room: most,
    least: limit + 1,
  };
};
