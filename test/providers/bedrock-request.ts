import { z } from "zod";
import {
  demand,
  type Incoming,
  type Json,
  type Message,
  parseBody,
  parsed,
  type Question,
} from "./wire.ts";

const Schema = z.record(z.string(), z.unknown());

const Block = z.looseObject({
  text: z.string().nullish(),
  toolUse: z
    .looseObject({ toolUseId: z.string(), name: z.string(), input: z.unknown().optional() })
    .nullish(),
  toolResult: z
    .looseObject({
      toolUseId: z.string(),
      content: z.array(z.looseObject({ text: z.string().nullish() })),
    })
    .nullish(),
});

const Turn = z.looseObject({ role: z.enum(["user", "assistant"]), content: z.array(Block).min(1) });
type Turn = z.infer<typeof Turn>;

const ToolSpec = z.looseObject({ name: z.string(), inputSchema: z.looseObject({ json: Schema }) });

const ConverseRequest = z.looseObject({
  messages: z.array(Turn).min(1),
  system: z.array(z.looseObject({ text: z.string().nullish() })).nullish(),
  toolConfig: z
    .looseObject({
      tools: z.array(z.looseObject({ toolSpec: ToolSpec.nullish() })).min(1),
      toolChoice: Schema.nullish(),
    })
    .nullish(),
  inferenceConfig: z
    .looseObject({
      maxTokens: z.int().min(1).nullish(),
      temperature: z.number().min(0).max(1).nullish(),
    })
    .nullish(),
  additionalModelRequestFields: z
    .looseObject({
      output_config: z
        .looseObject({ format: z.looseObject({ schema: Schema }).nullish() })
        .nullish(),
    })
    .nullish(),
});
type ConverseRequest = z.infer<typeof ConverseRequest>;

const usesIn = (turn: Turn | undefined) =>
  (turn?.content ?? []).flatMap(({ toolUse }) => toolUse?.toolUseId ?? []);
const resultsIn = (turn: Turn | undefined) =>
  (turn?.content ?? []).flatMap(({ toolResult }) => toolResult?.toolUseId ?? []);

const checkTurns = (messages: Turn[]) => {
  demand(
    messages[0]?.role === "user",
    "A conversation must start with a user message. Try again with a conversation that starts with a user message.",
  );
  for (const [n, turn] of messages.entries()) {
    demand(
      turn.role !== messages[n - 1]?.role,
      "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.",
    );
    const missing = usesIn(turn).filter((id) => !resultsIn(messages[n + 1]).includes(id));
    demand(
      missing.length === 0,
      `Expected toolResult blocks at messages.${n + 1}.content for the following Ids: ${missing.join(", ")}`,
    );
    const texts = turn.content.map(({ text, toolResult }) =>
      toolResult ? toolResult.content.map((part) => part.text ?? "x").join("") : text,
    );
    const blank = texts.findIndex((text) => typeof text === "string" && !text.trim());
    demand(
      blank < 0,
      `The text field in the ContentBlock object at messages.${n}.content.${blank} is blank. Add text to the text field, and try again.`,
    );
  }
};

const check = ({ messages, toolConfig }: ConverseRequest) => {
  checkTurns(messages);
  const usesTools = messages.some((turn) => usesIn(turn).length + resultsIn(turn).length > 0);
  demand(
    !usesTools || Boolean(toolConfig),
    "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
  );
};

const textOf = (blocks: readonly { text?: string | null | undefined }[]) =>
  blocks.flatMap(({ text }) => text ?? []).join("\n");

const messageOf = ({ role, content }: Turn): Message => {
  const tool_results = content.flatMap(({ toolResult: result }) =>
    result ? [{ id: result.toolUseId, output: textOf(result.content) }] : [],
  );
  return {
    role: tool_results.length > 0 ? "tool" : role,
    text: textOf(content),
    tool_calls: content.flatMap(({ toolUse: use }) =>
      use ? [{ id: use.toolUseId, name: use.name, input: use.input }] : [],
    ),
    tool_results,
  };
};

/** The schema as some models get it: in the system text, on the line after its heading. */
const schemaIn = (system: string): Json | null => {
  const schema = parsed(/^JSON schema:\n(.+)$/m.exec(system)?.[1] ?? "");
  return typeof schema === "object" ? (schema as Json | null) : null;
};

/** What a request asks; a BadRequest for what the provider refuses. */
export const read = ({ body, model, path }: Incoming): Question => {
  const asked = parseBody(ConverseRequest, body);
  check(asked);
  const specs = (asked.toolConfig?.tools ?? [])
    .flatMap(({ toolSpec }) => toolSpec ?? [])
    .map(({ name, inputSchema }) => ({ name, schema: inputSchema.json }));
  const choice = asked.toolConfig?.toolChoice ?? {};
  const carrier = specs.find(
    ({ name }) => name === "json" && ("any" in choice || "tool" in choice),
  );
  const format = asked.additionalModelRequestFields?.output_config?.format;
  const system = textOf(asked.system ?? []);
  return {
    model: model ?? "",
    system,
    messages: asked.messages.map(messageOf),
    tools: specs.filter((spec) => spec !== carrier),
    schema: format?.schema ?? carrier?.schema ?? schemaIn(system),
    json_tool: carrier?.name ?? null,
    max_output_tokens: asked.inferenceConfig?.maxTokens ?? null,
    temperature: asked.inferenceConfig?.temperature ?? null,
    stream: path.endsWith("/converse-stream"),
  };
};
