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

/**
 * Finds the text that meets the schema: as the SDK gives it, as the provider sent it, or what the model thought when no other
 * text came. Undefined when none does, and when the model calls tools.
 */
export const findAnswer = (
  format: ReplyFormat,
  text: string,
  { calls, sent, thoughts }: CollectedParts<unknown>,
): string | undefined => {
  if (calls.length > 0) return undefined;
  const isSilent = `${text}${sent}`.trim() === "";
  return [text, sent, ...(isSilent ? [thoughts] : [])].find(
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
