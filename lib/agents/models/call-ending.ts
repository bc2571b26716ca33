import type { FinishReason } from "ai";
import { BrokenReply, FilteredReply } from "./call-failure.ts";
import { type ReplyFormat, readReply } from "./model-reply.ts";

/** What a model call has brought beside the text that the SDK gives. */
export type CollectedParts<Call> = {
  calls: Call[];
  finish: FinishReason;
  /** The text as the provider sent it: the SDK may keep some back. */
  sent: string;
  thoughts: string;
};

export const noParts = <Call>(): CollectedParts<Call> => ({
  calls: [],
  finish: "other",
  sent: "",
  thoughts: "",
});

type AnyCall = { name: string; input: unknown };

const inputText = ({ input }: AnyCall): string =>
  typeof input === "string" ? input : (JSON.stringify(input) ?? "");

/** What a model was asked for, and with which tools. */
type Asked = { format: ReplyFormat; tools: Readonly<Record<string, unknown>> };

/**
 * Finds the text that meets the schema: as the SDK gives it, as the provider sent it, as the input of a tool that the model made up
 * for its answer, or what it thought when no other text came. Undefined when none does, and when the model calls tools that it
 * has.
 */
export const findAnswer = (
  { format, tools }: Asked,
  text: string,
  { calls, sent, thoughts }: CollectedParts<AnyCall>,
): string | undefined => {
  if (calls.some(({ name }) => Object.hasOwn(tools, name))) return undefined;
  const isSilent = `${text}${sent}`.trim() === "";
  return [text, sent, ...calls.map(inputText), ...(isSilent ? [thoughts] : [])].find(
    (candidate) => candidate !== "" && "reply" in readReply(format, candidate),
  );
};

/** Finish reasons after which any reply can be used: complete, or stopped by its length limit. */
const completeEndings: readonly FinishReason[] = ["stop", "length", "tool-calls"];

/**
 * Checks how a reply ended that does not meet the schema.
 *
 * @throws BrokenReply when it is not complete
 * @throws FilteredReply when the provider's content filter stopped it
 */
export const checkEnding = ({ finish }: CollectedParts<unknown>): void => {
  if (finish === "content-filter") throw new FilteredReply("The provider refused to answer.");
  if (!completeEndings.includes(finish))
    throw new BrokenReply("The answer ended before it was whole.");
};
