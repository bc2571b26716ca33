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

const Item = z.looseObject({
  type: z.string().nullish(),
  role: z.enum(["system", "developer", "user", "assistant"]).nullish(),
  content: Content,
  call_id: z.string().nullish(),
  name: z.string().nullish(),
  arguments: z.string().nullish(),
  output: Content,
});
type Item = z.infer<typeof Item>;

const Schema = z.record(z.string(), z.unknown());

const ResponsesRequest = z.looseObject({
  model: z.string(),
  input: z.union([
    z
      .string()
      .min(1)
      .transform((content) => [{ role: "user" as const, content }]),
    z.array(Item).min(1),
  ]),
  instructions: z.string().nullish(),
  tools: z
    .array(
      z.looseObject({
        type: z.string(),
        name: z.string().nullish(),
        parameters: Schema.nullish(),
        strict: z.boolean().nullish(),
      }),
    )
    .nullish(),
  text: z
    .looseObject({
      format: z
        .looseObject({
          type: z.enum(["text", "json_object", "json_schema"]),
          name: z.string().nullish(),
          schema: Schema.nullish(),
          strict: z.boolean().nullish(),
        })
        .nullish(),
    })
    .nullish(),
  max_output_tokens: z.int().min(16).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  stream: z.boolean().nullish(),
});
type ResponsesRequest = z.infer<typeof ResponsesRequest>;

const check = (body: ResponsesRequest, items: Item[]) => {
  demand(
    body.temperature == null || !isReasoningModel(body.model),
    "Unsupported parameter: 'temperature' is not supported with this model.",
  );
  const format = body.text?.format;
  if (format?.strict) demandStrict(format.schema ?? {}, `response_format '${format.name}'`);
  for (const { name, parameters, strict } of body.tools ?? []) {
    if (strict) demandStrict(parameters ?? {}, `function '${name}'`);
  }
  const idsOf = (type: string) =>
    items.flatMap((item) => (item.type === type ? (item.call_id ?? "") : []));
  const [calls, outputs] = [idsOf("function_call"), idsOf("function_call_output")];
  for (const id of outputs) {
    demand(calls.includes(id), `No tool call found for function call output with call_id ${id}.`);
  }
  for (const id of calls) {
    demand(outputs.includes(id), `No tool output found for function call ${id}.`);
  }
};

/** Stands for an earlier item that OpenAI has kept: its text is not on the wire. */
const isReference = ({ type }: Item) => type === "item_reference";

const isSystem = ({ role }: Item) => role === "system" || role === "developer";

const messageOf = (item: Item): Message => {
  const { type, name, call_id } = item;
  const id = call_id ?? "";
  if (type === "function_call") {
    const call = { id, name: name ?? "", input: parsed(item.arguments ?? "") };
    return { role: "assistant", text: "", tool_calls: [call], tool_results: [] };
  }
  if (type === "function_call_output") {
    const result = { id, output: textOf(item.output) };
    return { role: "tool", text: "", tool_calls: [], tool_results: [result] };
  }
  const role = item.role === "assistant" ? "assistant" : "user";
  return { role, text: textOf(item.content), tool_calls: [], tool_results: [] };
};

/** What a request asks; a BadRequest for what the provider refuses. */
export const read = ({ body }: Incoming): Question => {
  const asked = parseBody(ResponsesRequest, body);
  const items: Item[] = asked.input;
  check(asked, items);
  const system = items.filter(isSystem).map(({ content }) => textOf(content));
  return {
    model: asked.model,
    system: [asked.instructions ?? [], ...system].flat().join("\n"),
    messages: items.filter((item) => !isSystem(item) && !isReference(item)).map(messageOf),
    tools: (asked.tools ?? []).map(({ name, type, parameters }) => ({
      name: name ?? type,
      schema: parameters ?? {},
    })),
    schema: asked.text?.format?.schema ?? null,
    json_tool: null,
    max_output_tokens: asked.max_output_tokens ?? null,
    temperature: asked.temperature ?? null,
    stream: asked.stream ?? false,
  };
};
