import type { AssistantModelMessage, ModelMessage, ToolModelMessage } from "ai";
import { isObject, wellFormed } from "../../domain/json.ts";
import type { FittedTool } from "../tool-schemas/fit-tool.ts";
import { type CallNames, callNames } from "./call-names.ts";

/** Stands for a text of nothing but white space: providers refuse one. */
const empty = "(empty)";

/** Gives a text that every provider takes: with something in it, and without half surrogate pairs. */
export const sayable = (text: string): string => (text.trim() ? text.toWellFormed() : empty);

type Part = { type: string; text?: string };
type AssistantPart = Exclude<AssistantModelMessage["content"], string>[number];
type ResultPart = ToolModelMessage["content"][number];

const isBlank = ({ type, text }: Part) => type === "text" && !text?.trim();

/** Leaves blank texts out; when nothing else is there, it says so. */
const withoutBlanks = <P extends Part>(parts: readonly P[]): P[] => {
  const said = parts.filter((part) => !isBlank(part));
  const isSilent = said.every(({ type }) => type === "reasoning");
  return isSilent ? [...said, { type: "text", text: empty } as P] : said;
};

type Cleaning = {
  /** How the inputs of tools are translated for the provider. */
  fitted: ReadonlyMap<string, FittedTool>;
  /** Without tools in the request, calls and results are told in words. */
  hasTools: boolean;
};

type NamedCleaning = Cleaning & { names: CallNames };

/** Makes a call's input one that a provider takes: an object, with the names that the provider knows. */
const inputFor = (toolName: string, input: unknown, { fitted }: Cleaning): unknown => {
  if (!isObject(input))
    return { invalid_input: typeof input === "string" ? input : JSON.stringify(input ?? null) };
  return fitted.get(toolName)?.inputFor(input) ?? input;
};

const assistantPart = (part: AssistantPart, cleaning: NamedCleaning): AssistantPart => {
  if (part.type !== "tool-call") return part;
  const input = inputFor(part.toolName, part.input, cleaning);
  if (cleaning.hasTools) return { ...part, ...cleaning.names.call(part), input };
  return { type: "text", text: `I used ${part.toolName} with ${JSON.stringify(input)}` };
};

/** Gives the output of a tool with something in each of its texts. */
const outputOf = (output: Extract<ResultPart, { type: "tool-result" }>["output"]) => {
  if (output.type === "text" || output.type === "error-text") {
    return { ...output, value: sayable(output.value) };
  }
  if (output.type !== "content") return output;
  const value = output.value.map((part) =>
    part.type === "text" ? { ...part, text: sayable(part.text) } : part,
  );
  return { ...output, value: value.length > 0 ? value : [{ type: "text" as const, text: empty }] };
};

const resultPart = (part: ResultPart, { names }: NamedCleaning): ResultPart =>
  part.type === "tool-result"
    ? { ...part, ...names.result(part), output: outputOf(part.output) }
    : part;

const resultText = (part: ResultPart): string =>
  part.type === "tool-result" && "value" in part.output
    ? `${part.toolName} gave: ${
        typeof part.output.value === "string"
          ? part.output.value
          : JSON.stringify(part.output.value)
      }`
    : empty;

const cleaned = (message: ModelMessage, cleaning: NamedCleaning): ModelMessage => {
  if (message.role === "tool") {
    const content = message.content.map((part) => resultPart(part, cleaning));
    return cleaning.hasTools
      ? { ...message, content }
      : { role: "user", content: content.map(resultText).join("\n\n") };
  }
  if (typeof message.content === "string") {
    return { ...message, content: sayable(message.content) } as ModelMessage;
  }
  const parts =
    message.role === "assistant"
      ? message.content.map((part) => assistantPart(part, cleaning))
      : message.content;
  return { ...message, content: withoutBlanks(parts as Part[]) } as ModelMessage;
};

/**
 * Makes messages ones that every provider takes: no text is blank or has half a surrogate pair, inputs of tools are objects
 * with the names that the provider knows, and calls have names and ids that all take, whatever a model or another server made up.
 */
export const cleanMessages = (
  messages: readonly ModelMessage[],
  cleaning: Cleaning,
): ModelMessage[] => {
  const named = { ...cleaning, names: callNames() };
  return wellFormed(messages.map((message) => cleaned(message, named)));
};
