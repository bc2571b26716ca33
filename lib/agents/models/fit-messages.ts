import type { ModelMessage } from "ai";

const leftOut = "[left out for space: a tool that only reads may be used again]";

const sizeOf = (messages: readonly ModelMessage[]): number =>
  Buffer.byteLength(JSON.stringify(messages));

const emptied = (message: ModelMessage): ModelMessage =>
  message.role !== "tool"
    ? message
    : {
        ...message,
        content: message.content.map((part) =>
          part.type === "tool-result"
            ? { ...part, output: { type: "text", value: leftOut } }
            : part,
        ),
      };

/**
 * A conversation of at the most so many bytes, as far as what tools gave can be left out of it: the oldest goes
 * first. Everything else stays, as the providers want each call of a tool with its result.
 */
export const fitMessages = (messages: readonly ModelMessage[], most: number): ModelMessage[] => {
  const fitted = [...messages];
  for (const [index, message] of messages.entries()) {
    if (sizeOf(fitted) <= most) break;
    fitted[index] = emptied(message);
  }
  return fitted;
};
