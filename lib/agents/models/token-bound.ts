import { asSchema, type ModelMessage, type ToolSet } from "ai";
import { byteLength } from "../../domain/json.ts";

/**
 * Tokens that a provider adds to a request by itself: message marks, the day's date, the rules for tools. The largest that is
 * published are Anthropic's rules for tools, 159 to 804 tokens by model.
 *
 * @see https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/overview#pricing
 * @see https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken (3 tokens a message, 12 a tool)
 */
export const addedTokens = 1_000;
/** Tokens around one message or one part of it: its role, its kind, its marks. */
const tokensAroundPart = 64;
/** Tokens around one tool. */
const tokensAroundTool = 128;

/**
 * Bounds the tokens of a text. A tokenizer that falls back to bytes (byte-level BPE, SentencePiece with byte fallback) makes at
 * most one token of each byte. Some normalize the text first, which can make it longer.
 *
 * @see https://huggingface.co/docs/transformers/tokenizer_summary#byte-level-bpe
 */
export const boundOfText = (text: string): number => {
  const bytes = byteLength(text);
  if (bytes === text.length) return bytes;
  return Math.max(bytes, byteLength(text.normalize("NFC")), byteLength(text.normalize("NFKC")));
};

/** What a server may write as `\uXXXX`, six bytes, when it puts JSON into the prompt: Python outside ASCII, Go also `<`, `>`, `&`. */
const escapable = /[^\n -~]|[<>&']/g;

/**
 * Bounds the tokens of a value that the server writes as JSON into the prompt, with each character escaped that may be.
 *
 * @param indent spaces for each level; one is as much as Python's white space after each comma and colon
 */
export const boundOfJson = (value: unknown, indent = 1): number => {
  const text = JSON.stringify(value, null, indent) ?? "";
  return text.length + 5 * (text.match(escapable)?.length ?? 0);
};

/** Spaces for each level with which some chat templates write tools into the prompt, such as that of Llama 3. */
const toolIndent = 4;

type Part = Exclude<ModelMessage["content"], string>[number];

const boundOfPart = (part: Part): number => {
  if (part.type !== "text" && part.type !== "reasoning") return boundOfJson(part);
  const { text, ...rest } = part;
  return boundOfText(text) + boundOfJson(rest);
};

const boundOfMessage = ({ content }: ModelMessage): number =>
  typeof content === "string"
    ? tokensAroundPart + boundOfText(content)
    : content.reduce((sum, part) => sum + tokensAroundPart + boundOfPart(part), tokensAroundPart);

const boundOfTools = async (tools: ToolSet): Promise<number> => {
  const bounds = Object.entries(tools).map(async ([name, { description, inputSchema }]) => {
    const schema = await asSchema(inputSchema).jsonSchema;
    return tokensAroundTool + boundOfJson({ name, description, schema }, toolIndent);
  });
  return (await Promise.all(bounds)).reduce((sum, each) => sum + each, 0);
};

/** The parts of a request that become tokens. */
export type PromptParts = {
  system: string;
  messages: readonly ModelMessage[];
  tools: ToolSet;
  /** The JSON Schema of the answer. */
  schema: unknown;
};

/** Bounds the input tokens of a request: whatever the text and the tokenizer, a provider counts no more. */
export const boundOfPrompt = async ({
  system,
  messages,
  tools,
  schema,
}: PromptParts): Promise<number> =>
  addedTokens +
  tokensAroundPart +
  boundOfText(system) +
  messages.reduce((sum, message) => sum + boundOfMessage(message), 0) +
  (await boundOfTools(tools)) +
  tokensAroundTool +
  boundOfJson(schema);
