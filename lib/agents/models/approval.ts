import { withCodes } from "../../domain/common.ts";
import { canonicalJson, type Json } from "../../domain/json.ts";
import { asAsked } from "../../domain/request/request.ts";
import type { SideEffect } from "../../domain/task/side-effect.ts";
import type { ToolCall } from "./call-model.ts";
import { shorten } from "./tool-result.ts";

/** A question that a tool call waits for. */
export type PendingQuestion = { question: string; options: string[]; is_approval: boolean };

/** Characters of an input that a person has to approve: what cannot be shown as a whole is not approved. */
const maxShownCharacters = 3_000;
export const tooLong = `A person has to read this input first, and reads ${maxShownCharacters} characters at the most: make it shorter.`;

/** Characters that a person would not see, or that turn text round, as their codes. */
const visible = (text: string): string => withCodes(text, /[\p{Cf}\p{Zl}\p{Zp}]/gu);

/** An input as a person reads it before it is approved. */
const textOf = ({ input }: ToolCall): string => visible(JSON.stringify(input));

export const isTooLong = (call: ToolCall): boolean => textOf(call).length > maxShownCharacters;

/** Of a use that is done again the beginning is enough. */
const shownInput = (call: ToolCall): string => shorten(textOf(call), maxShownCharacters);

/** A use of a tool in one line. */
export const whatOf = ({ name, input }: ToolCall): string =>
  `${name} with ${visible(canonicalJson(input as Json))}`;

const earlierUseText = ({ outcome }: SideEffect): string =>
  outcome === null
    ? " It began to before, in this task, and nobody knows how that ended."
    : ` It did before, in this task, which ended with ${visible(JSON.stringify(outcome))}.`;

/** Asks whether a tool may be used, and says what came of it when it was before. */
export const approvalOf = (
  agent: string,
  call: ToolCall,
  earlier: SideEffect | undefined,
): PendingQuestion => ({
  question: asAsked(
    `The ${agent} wants to use ${call.name} with ${shownInput(call)}.${earlier ? earlierUseText(earlier) : ""} Approve to let it, or amend to say what to do instead.`,
  ),
  options: [],
  is_approval: true,
});
