import { z } from "zod";
import { demandStrict, isReasoningModel } from "./openai-strict.ts";
import {
  Content,
  demand,
  type Incoming,
  type Message,
  parseBody,
  parsed,
  type Question,
  textOf,
} from "./wire.ts";

const Call = z.looseObject({
  id: z.string(),
  type: z.literal("function"),
  function: z.looseObject({ name: z.string(), arguments: z.string() }),
});

const ChatMessage = z.looseObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool"]),
  content: Content,
  tool_calls: z.array(Call).nullish(),
  tool_call_id: z.string().nullish(),
});
type ChatMessage = z.infer<typeof ChatMessage>;

const Schema = z.record(z.string(), z.unknown());

const ChatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(ChatMessage).min(1),
  tools: z
    .array(
      z.looseObject({
        type: z.literal("function"),
        function: z.looseObject({
          name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
          parameters: Schema.nullish(),
          strict: z.boolean().nullish(),
        }),
      }),
    )
    .nullish(),
  response_format: z
    .looseObject({
      type: z.enum(["text", "json_object", "json_schema"]),
      json_schema: z
        .looseObject({ name: z.string(), schema: Schema, strict: z.boolean().nullish() })
        .nullish(),
    })
    .nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  stream: z.boolean().nullish(),
});
type ChatRequest = z.infer<typeof ChatRequest>;

const messageOf = (message: ChatMessage): Message => {
  const text = textOf(message.content);
  const isTool = message.role === "tool";
  return {
    role: isTool ? "tool" : message.role === "assistant" ? "assistant" : "user",
    text: isTool ? "" : text,
    tool_calls: (message.tool_calls ?? []).map(({ id, function: called }) => ({
      id,
      name: called.name,
      input: parsed(called.arguments),
    })),
    tool_results: isTool ? [{ id: message.tool_call_id ?? "", output: text }] : [],
  };
};

/** Every tool call is answered by the messages right after it, and nothing else is. */
const demandAnswers = (messages: ChatMessage[]) => {
  const open = new Set<string>();
  for (const [n, { role, tool_call_id, tool_calls }] of messages.entries()) {
    if (role === "tool") {
      demand(
        open.delete(tool_call_id ?? ""),
        `Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls' (messages.[${n}].role).`,
      );
      continue;
    }
    demandClosed(open);
    for (const { id } of tool_calls ?? []) open.add(id);
  }
  demandClosed(open);
};

const demandClosed = (open: ReadonlySet<string>) =>
  demand(
    open.size === 0,
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...open].join(", ")}`,
  );

const check = (body: ChatRequest) => {
  if (isReasoningModel(body.model)) {
    demand(
      body.max_tokens == null,
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    );
    demand(
      (body.temperature ?? 1) === 1,
      "Unsupported value: 'temperature' does not support this value with this model. Only the default (1) value is supported.",
    );
  }
  const format = body.response_format?.json_schema;
  if (format?.strict) demandStrict(format.schema, `response_format '${format.name}'`);
  for (const { function: tool } of body.tools ?? []) {
    if (tool.strict) demandStrict(tool.parameters ?? {}, `function '${tool.name}'`);
  }
  demandAnswers(body.messages);
};

const isSystem = ({ role }: ChatMessage) => role === "system" || role === "developer";

/** What a request asks; a BadRequest for what the provider refuses. */
export const read = ({ body }: Incoming): Question => {
  const chat = parseBody(ChatRequest, body);
  check(chat);
  return {
    model: chat.model,
    system: chat.messages
      .filter(isSystem)
      .map(({ content }) => textOf(content))
      .join("\n"),
    messages: chat.messages.filter((message) => !isSystem(message)).map(messageOf),
    tools: (chat.tools ?? []).map(({ function: tool }) => ({
      name: tool.name,
      schema: tool.parameters ?? {},
    })),
    schema: chat.response_format?.json_schema?.schema ?? null,
    json_tool: null,
    max_output_tokens: chat.max_completion_tokens ?? chat.max_tokens ?? null,
    temperature: chat.temperature ?? null,
    stream: chat.stream ?? false,
  };
};
