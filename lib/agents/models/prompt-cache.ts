import type { ModelMessage, SystemModelMessage, TextPart, UserModelMessage } from "ai";
import type { Capabilities } from "../../settings/capabilities.ts";

/**
 * Marks a place up to which a provider may keep the prompt; each SDK reads its own mark.
 *
 * @see https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
 */
const mark = {
  anthropic: { cacheControl: { type: "ephemeral" } },
  bedrock: { cachePoint: { type: "default" } },
} as const;

/** Writes the first message from the parts of a prompt. */
export const promptMessage = (parts: readonly string[]): UserModelMessage => ({
  role: "user",
  content: parts.map((text) => ({ type: "text", text })),
});

const textsIn = ({ role, content }: ModelMessage): string[] | null =>
  role === "user" && typeof content !== "string"
    ? content.map((part) => (part as TextPart).text)
    : null;

/** Joins the parts of the prompt: some servers take only one text a message, and no two messages of one role in a row. */
const joined = (message: ModelMessage): ModelMessage => {
  const texts = textsIn(message);
  return texts ? { role: "user", content: texts.join("\n\n") } : message;
};

/** Splits the prompt into a message for each part, and marks all but the last. */
const split = (message: ModelMessage): ModelMessage[] => {
  const texts = textsIn(message) ?? [];
  if (texts.length < 2) return [joined(message)];
  return texts.map((content, index) => ({
    role: "user",
    content,
    ...(index < texts.length - 1 && { providerOptions: mark }),
  }));
};

/** The parts of a request that a provider may keep. */
type CachedParts = { instructions?: string | SystemModelMessage; messages: ModelMessage[] };

/** Begins the first message with the system prompt, for a model that takes none. */
export const withSystemInMessage = (
  system: string,
  messages: readonly ModelMessage[],
): CachedParts => {
  const [first, ...later] = messages.map(joined);
  const begun: ModelMessage = { role: "user", content: `${system}\n\n${first?.content ?? ""}` };
  return { messages: [begun, ...later] };
};

/**
 * Prepares the system prompt and the messages for the provider's cache. Where it asks for marks, the ends of the system prompt, of
 * the parts of the first message that tasks share, and of the whole are marked, if there are tools: only then another call with
 * the same beginning is likely, and to write into the cache costs more than to read the prompt once.
 */
export const markForCache = (
  cache_control: Capabilities["cache_control"],
  {
    system,
    messages,
    hasTools,
  }: { system: string; messages: readonly ModelMessage[]; hasTools: boolean },
): CachedParts => {
  if (cache_control !== "explicit" || !hasTools) {
    return { instructions: system, messages: messages.map(joined) };
  }
  const all = messages.flatMap(split);
  const last = all.at(-1);
  return {
    instructions: { role: "system", content: system, providerOptions: mark },
    messages: last ? [...all.slice(0, -1), { ...last, providerOptions: mark }] : [],
  };
};

/** Prepares the system prompt and the messages as a model takes them. */
export const promptParts = (
  { cache_control, system: hasSystem }: Pick<Capabilities, "cache_control" | "system">,
  parts: Parameters<typeof markForCache>[1],
): CachedParts =>
  hasSystem
    ? markForCache(cache_control, parts)
    : withSystemInMessage(parts.system, parts.messages);
