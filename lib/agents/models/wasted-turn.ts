import type { ModelMessage } from "ai";
import { checkInput, type ToolScope, type Turn, toolIn } from "./tool-turn.ts";

type Use = { name: string; input: unknown; output: unknown };

const usesIn = (messages: readonly ModelMessage[]): string[] =>
  messages.flatMap(({ role, content }, index) => {
    const results = messages[index + 1];
    if (role !== "assistant" || typeof content === "string" || results?.role !== "tool") return [];
    return content.flatMap((part) => {
      if (part.type !== "tool-call") return [];
      const result = results.content.find(
        (each) => each.type === "tool-result" && each.toolCallId === part.toolCallId,
      );
      return result?.type === "tool-result"
        ? [keyOf({ name: part.toolName, input: part.input, output: result.output })]
        : [];
    });
  });

const keyOf = ({ name, input, output }: Use): string => JSON.stringify([name, input, output]);

/**
 * Whether a turn brought nothing: each of its calls names no tool, has an invalid input, or has been made before with the same
 * result. Tools with effects are never in vain: a person approves each use, or their server says what was done.
 *
 * @param messages the conversation before the turn
 */
export const isWasted = (
  { tools }: Pick<ToolScope, "tools">,
  messages: readonly ModelMessage[],
  { calls, results }: Turn,
): boolean => {
  const before = usesIn(messages);
  return calls.every((call, index) => {
    const tool = toolIn({ tools }, call);
    if (!tool || call.problem !== null || checkInput(tool, call) !== null) return true;
    if (tool.has_effects || tool.runs_once) return false;
    const { name, input } = call;
    return before.includes(keyOf({ name, input, output: results[index]?.output }));
  });
};
