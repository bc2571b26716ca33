import { z } from "zod";
import { demandSupported } from "./anthropic-schema.ts";
import {
  Content,
  demand,
  type Incoming,
  type Message,
  parseBody,
  type Question,
  textOf,
} from "./wire.ts";

const Schema = z.record(z.string(), z.unknown());

const Block = z.looseObject({
  type: z.string(),
  text: z.string().nullish(),
  id: z.string().nullish(),
  name: z.string().nullish(),
  input: z.unknown().optional(),
  tool_use_id: z.string().nullish(),
  content: Content,
});

const Turn = z.looseObject({
  role: z.enum(["user", "assistant"]),
  content: z.union([
    z
      .string()
      .min(1)
      .transform((text) => [{ type: "text", text } as z.infer<typeof Block>]),
    z.array(Block),
  ]),
});
type Turn = z.infer<typeof Turn>;

const MessagesRequest = z.looseObject({
  model: z.string(),
  max_tokens: z.int().min(1),
  system: Content,
  messages: z.array(Turn).min(1),
  tools: z.array(z.looseObject({ name: z.string(), input_schema: Schema.nullish() })).nullish(),
  tool_choice: z.looseObject({ type: z.string(), name: z.string().nullish() }).nullish(),
  output_config: z
    .looseObject({ format: z.looseObject({ type: z.string(), schema: Schema }).nullish() })
    .nullish(),
  output_format: z.looseObject({ type: z.string(), schema: Schema }).nullish(),
  temperature: z.number().min(0).max(1).nullish(),
  stream: z.boolean().nullish(),
});
type MessagesRequest = z.infer<typeof MessagesRequest>;

const idsIn = (turn: Turn | undefined, type: "tool_use" | "tool_result"): string[] =>
  (turn?.content ?? []).flatMap((block) =>
    block.type === type ? ((type === "tool_use" ? block.id : block.tool_use_id) ?? "") : [],
  );

/** Each tool_use has its tool_result in the very next message, and the other way round. */
const demandResults = (messages: Turn[]) => {
  for (const [n, turn] of messages.entries()) {
    const [uses, results] = [idsIn(turn, "tool_use"), idsIn(messages[n + 1], "tool_result")];
    const missing = uses.filter((id) => !results.includes(id));
    demand(
      missing.length === 0,
      `messages.${n}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(", ")}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
    );
    const before = idsIn(messages[n - 1], "tool_use");
    for (const id of idsIn(turn, "tool_result")) {
      demand(
        before.includes(id),
        `messages.${n}.content.0: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
      );
    }
  }
};

const check = ({ messages, output_config, output_format }: MessagesRequest) => {
  demandResults(messages);
  for (const [n, { content }] of messages.entries()) {
    const blank = content.some(({ type, text }) => type === "text" && !text?.trim());
    demand(!blank, `messages.${n}: text content blocks must be non-empty`);
  }
  const format = output_config?.format ?? output_format;
  if (format) demandSupported(format.schema);
};

const messageOf = ({ role, content }: Turn): Message => {
  const tool_results = content
    .filter(({ type }) => type === "tool_result")
    .map((block) => ({ id: block.tool_use_id ?? "", output: textOf(block.content) }));
  return {
    role: tool_results.length > 0 ? "tool" : role,
    text: textOf(content.filter(({ type }) => type === "text")),
    tool_calls: content
      .filter(({ type }) => type === "tool_use")
      .map(({ id, name, input }) => ({ id: id ?? "", name: name ?? "", input })),
    tool_results,
  };
};

const forced = ["any", "tool"];

/** What a request asks; a BadRequest for what the provider refuses. */
export const read = ({ body, headers }: Incoming): Question => {
  demand(Boolean(headers["anthropic-version"]), "anthropic-version: header is required");
  const asked = parseBody(MessagesRequest, body);
  check(asked);
  const isForced = forced.includes(asked.tool_choice?.type ?? "");
  const carrier = (asked.tools ?? []).find(({ name }) => isForced && name === "json");
  const format = asked.output_config?.format ?? asked.output_format;
  return {
    model: asked.model,
    system: textOf(asked.system),
    messages: asked.messages.map(messageOf),
    tools: (asked.tools ?? [])
      .filter((tool) => tool !== carrier)
      .map(({ name, input_schema }) => ({ name, schema: input_schema ?? {} })),
    schema: format?.schema ?? carrier?.input_schema ?? null,
    json_tool: carrier?.name ?? null,
    max_output_tokens: asked.max_tokens,
    temperature: asked.temperature ?? null,
    stream: asked.stream ?? false,
  };
};
