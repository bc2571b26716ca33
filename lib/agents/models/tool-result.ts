import type { Json } from "../../domain/json.ts";
import type { ToolCall } from "./call-model.ts";

/** Characters of a result that a model gets to read. */
const mostCharacters = 20_000;

const shorten = (text: string): string =>
  text.length > mostCharacters
    ? `${text.slice(0, mostCharacters).toWellFormed()} [… ${text.length - mostCharacters} characters more]`
    : text;

export const textOf = (value: Json): string =>
  shorten(typeof value === "string" ? value : JSON.stringify(value));

/** What the model reads of one call. */
export type ToolResultPart = {
  type: "tool-result";
  toolCallId: string;
  toolName: string;
  output: { type: "text" | "error-text"; value: string };
};

export const result = ({ id, name }: ToolCall, value: Json): ToolResultPart => ({
  type: "tool-result",
  toolCallId: id,
  toolName: name,
  output: { type: "text", value: textOf(value) },
});

export const refusal = ({ id, name }: ToolCall, problem: string): ToolResultPart => ({
  type: "tool-result",
  toolCallId: id,
  toolName: name,
  output: { type: "error-text", value: shorten(problem) },
});
