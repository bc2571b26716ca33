import type { AssistantContent, ModelMessage, ToolContent } from "ai";
import { jsonByteLength } from "../../domain/json.ts";

const leftOut = "[… left out for space: a tool that only reads may be used again]";

/** Bytes of JSON: a shorter value is not shortened. */
const maxWholeBytes = 600;
/** Characters that remain of a text that is shortened. */
const maxShownCharacters = 300;

const isLong = (value: unknown): boolean => jsonByteLength(value) > maxWholeBytes;

const beginningOf = (text: string): string =>
  isLong(text) ? `${text.slice(0, maxShownCharacters).toWellFormed()} ${leftOut}` : text;

const shortenResult = (part: ToolContent[number]): ToolContent[number] => {
  if (part.type !== "tool-result") return part;
  const { output } = part;
  if (output.type !== "text" && output.type !== "error-text") return part;
  return { ...part, output: { ...output, value: beginningOf(output.value) } };
};

type AssistantPart = Exclude<AssistantContent, string>[number];

const shortenAssistantPart = (part: AssistantPart): AssistantPart => {
  if (part.type === "text") return { ...part, text: beginningOf(part.text) };
  return part.type === "tool-call" && isLong(part.input)
    ? { ...part, input: { left_out: leftOut } }
    : part;
};

const shortenPart = (message: ModelMessage, index: number): ModelMessage => {
  const { role, content } = message;
  if (role === "tool") {
    return { ...message, content: content.with(index, shortenResult(content[index] as never)) };
  }
  if (role !== "assistant") return message;
  if (typeof content === "string") return { ...message, content: beginningOf(content) };
  return {
    ...message,
    content: content.with(index, shortenAssistantPart(content[index] as never)),
  };
};

const partsOf = ({ content }: ModelMessage): number =>
  typeof content === "string" ? 1 : content.length;

/**
 * Shortens inputs and results of tools and the model's texts, oldest first, until the conversation has at most `maxBytes` of
 * JSON, or nothing is left to shorten. It removes no message: providers require a result for each tool call.
 */
export const fitMessages = (
  messages: readonly ModelMessage[],
  maxBytes: number,
): ModelMessage[] => {
  const fitted = [...messages];
  let size = jsonByteLength(fitted);
  for (const at of fitted.keys()) {
    for (let part = 0; part < partsOf(fitted[at] as ModelMessage); part += 1) {
      if (size <= maxBytes) return fitted;
      const before = fitted[at] as ModelMessage;
      const after = shortenPart(before, part);
      size += jsonByteLength(after) - jsonByteLength(before);
      fitted[at] = after;
    }
  }
  return fitted;
};
