import { shorten, withCodes } from "../../domain/common.ts";
import { canonicalJson, type Json } from "../../domain/json.ts";
import { asAsked } from "../../domain/request/request.ts";
import type { SideEffect } from "../../domain/task/side-effect.ts";
import type { ToolCall } from "./call-model.ts";

/** A question that a tool call waits for. */
export type PendingQuestion = { question: string; options: string[]; is_approval: boolean };

/** Characters of an input that a person can approve: longer ones cannot be shown as a whole, and are refused. */
const maxShownCharacters = 3_000;
export const tooLong = `A person has to read this input first, and reads ${maxShownCharacters} characters at the most: make it shorter.`;

/** Writes invisible characters, and those that reverse the direction of text, as their codes. */
const visible = (text: string): string => withCodes(text, /[\p{Cf}\p{Zl}\p{Zp}]/gu);

/** Writes an input for the person who approves it. */
const textOf = ({ input }: ToolCall): string => visible(JSON.stringify(input));

/** Whether an input is longer than a person can approve. */
export const isTooLong = (call: ToolCall): boolean => textOf(call).length > maxShownCharacters;

/** A tool use that is repeated without approval may be longer: only its beginning is shown. */
const shownInput = (call: ToolCall): string => shorten(textOf(call), maxShownCharacters);

/** Describes a tool use in one line. Side effects are found again by this text. */
export const whatOf = ({ name, input }: ToolCall): string =>
  `${name} with ${visible(canonicalJson(input as Json))}`;

const earlierUseText = ({ outcome }: SideEffect): string =>
  outcome === null
    ? " It began to before, in this task, and nobody knows how that ended."
    : ` It did before, in this task, which ended with ${visible(JSON.stringify(outcome))}.`;

/** Makes the question whether a tool may be used, with the outcome of an equal earlier use. */
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
