import { jsonSchema, type ModelMessage, type ToolSet, tool } from "ai";
import type { PromptParts } from "../../lib/agents/models/token-bound.ts";
import { oddText } from "../support/odd-texts.ts";

/** A tool as servers get it. */
type SentTool = { name: string; description: string; parameters: Record<string, unknown> };

/** What is said in one message, as servers get it. */
type Said = { role: string; text: string; call?: { name: string; input: unknown } };

/** A prompt, as we bound it and as servers get it. */
export type OddPrompt = {
  parts: PromptParts;
  sent: { system: string; said: Said[]; tools: SentTool[]; schema: unknown };
};

const objectOf = (properties: Record<string, unknown>) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

/** Makes a prompt with odd texts in each place that a text can have. */
export const oddPrompt = (random: () => number, kind?: string): OddPrompt => {
  const text = () => oddText(random, kind);
  const [asked, answered, result, input] = [
    text(),
    text(),
    text(),
    { text: text(), n: [1.5, null] },
  ];
  const one: SentTool = {
    name: "search",
    description: text(),
    parameters: objectOf({
      query: { type: "string", description: text(), enum: [text(), "a"] },
      [text().slice(0, 40)]: { type: "array", items: objectOf({ deep: { description: text() } }) },
    }),
  };
  const messages: ModelMessage[] = [
    { role: "user", content: asked },
    {
      role: "assistant",
      content: [
        { type: "text", text: answered },
        { type: "tool-call", toolCallId: "call_1", toolName: one.name, input },
      ],
    },
    {
      role: "tool",
      content: [
        {
          type: "tool-result",
          toolCallId: "call_1",
          toolName: one.name,
          output: { type: "text", value: result },
        },
      ],
    },
  ];
  const tools: ToolSet = {
    [one.name]: tool({ description: one.description, inputSchema: jsonSchema(one.parameters) }),
  };
  const system = text();
  const schema = objectOf({ content: { type: "string", description: text() } });
  return {
    parts: { system, messages, tools, schema },
    sent: {
      system,
      said: [
        { role: "user", text: asked },
        { role: "assistant", text: answered, call: { name: one.name, input } },
        { role: "tool", text: result },
      ],
      tools: [one],
      schema,
    },
  };
};

const escaped = (json: string, letters: RegExp): string =>
  json.replace(letters, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** A style in which a server writes a prompt: how it marks messages, and how it writes JSON and tools. */
type Style = {
  message: (role: string, text: string) => string;
  json: (value: unknown) => string;
  tool: (tool: SentTool) => string;
};

const spaced = (value: unknown): string => JSON.stringify(value, null, 1).replace(/\n */g, " ");
const chatMl = (role: string, text: string) => `<|im_start|>${role}\n${text}<|im_end|>\n`;

/**
 * Styles of chat templates that are published, or alike. What hosted models do is not published.
 *
 * @see https://huggingface.co/docs/transformers/chat_templating (`tojson` escapes what HTML would read)
 * @see https://cookbook.openai.com/articles/openai-harmony (tools as TypeScript with comments)
 */
const styles: Readonly<Record<string, Style>> = {
  compact: {
    message: chatMl,
    json: JSON.stringify,
    tool: (tool) => JSON.stringify({ type: "function", function: tool }),
  },
  "Python, ASCII only": {
    message: chatMl,
    json: (value) => escaped(spaced(value), /[^ -~]/g),
    tool: (tool) => escaped(spaced({ type: "function", function: tool }), /[^ -~]/g),
  },
  "Jinja, for HTML": {
    message: (role, text) => `[INST] ${role}: ${text} [/INST]`,
    json: (value) => escaped(spaced(value), /[^ -~]|[<>&']/g),
    tool: (tool) => escaped(JSON.stringify(tool, null, 4), /[^\n -~]|[<>&']/g),
  },
  "TypeScript with comments": {
    message: (role, text) => `<|start|>${role}<|message|>${text}<|end|>`,
    json: JSON.stringify,
    tool: ({ name, description, parameters }) =>
      `// ${description.replaceAll("\n", "\n// ")}\ntype ${name} = (_: ${JSON.stringify(parameters)}) => any;\n`,
  },
};

/** Writes a prompt as servers do, in each style. */
export const renderedIn = ({ sent }: OddPrompt): Record<string, string> =>
  Object.fromEntries(
    Object.entries(styles).map(([name, { message, json, tool: written }]) => {
      const { system, said, tools, schema } = sent;
      const rules = [system, ...tools.map(written), json(schema)].join("\n\n");
      const texts = said.map(({ role, text, call }) =>
        message(role, call ? `${text}\n${json(call)}` : text),
      );
      return [name, [message("system", rules), ...texts].join("")];
    }),
  );
