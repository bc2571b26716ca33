/** The name of a tool and the id of its call, as a model or its server wrote them. */
type NamedCall = { toolName: string; toolCallId: string };

/** Gives the calls and results of a conversation, in their order, names and ids that every provider takes. */
export type CallNames = {
  call: (call: NamedCall) => NamedCall;
  /** A result gets the id of its call. */
  result: (result: NamedCall) => NamedCall;
};

/**
 * What all take.
 *
 * @see https://docs.anthropic.com/en/api/messages tool_use.id
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html 64 characters
 */
const taken = /^[a-zA-Z0-9_-]{1,64}$/;

/** Makes an id of nine letters and digits: Mistral takes no other. `place`: which of a conversation's calls it is. */
const ownId = (place: number): string => `call${String(place % 100_000).padStart(5, "0")}`;

const nameOf = (name: string): string =>
  taken.test(name) ? name : name.replaceAll(/[^a-zA-Z0-9_-]/g, "_").slice(0, 64) || "_";

/**
 * Makes the names of one conversation. Models call tools by any name, and servers give ids in any form, or the same one again;
 * other providers, and some of these servers themselves, refuse them in the next request.
 */
export const callNames = (): CallNames => {
  const used = new Set<string>();
  const open = new Map<string, string[]>();
  return {
    call: ({ toolName, toolCallId }) => {
      const isFine = taken.test(toolCallId) && !used.has(toolCallId);
      const id = isFine ? toolCallId : ownId(used.size);
      used.add(id);
      open.set(toolCallId, [...(open.get(toolCallId) ?? []), id]);
      return { toolName: nameOf(toolName), toolCallId: id };
    },
    result: ({ toolName, toolCallId }) => {
      const [id = toolCallId, ...later] = open.get(toolCallId) ?? [];
      open.set(toolCallId, later);
      return { toolName: nameOf(toolName), toolCallId: id };
    },
  };
};
