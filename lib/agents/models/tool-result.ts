import { shorten } from "../../domain/common.ts";
import type { Json } from "../../domain/json.ts";
import type { ToolCall } from "./call-model.ts";

/** Characters of a tool's result that a model gets. */
const maxCharacters = 20_000;

/** Writes a tool's result for the model. */
export const textOf = (value: Json): string =>
  shorten(typeof value === "string" ? value : JSON.stringify(value), maxCharacters);

/** The result of one tool call, as the model gets it. */
export type ToolResultPart = {
  type: "tool-result";
  toolCallId: string;
  toolName: string;
  output: { type: "text" | "error-text"; value: string };
};

export const resultPart = ({ id, name }: ToolCall, value: Json): ToolResultPart => ({
  type: "tool-result",
  toolCallId: id,
  toolName: name,
  output: { type: "text", value: textOf(value) },
});

export const refusalPart = ({ id, name }: ToolCall, problem: string): ToolResultPart => ({
  type: "tool-result",
  toolCallId: id,
  toolName: name,
  output: { type: "error-text", value: shorten(problem, maxCharacters) },
});
