import { z } from "zod";
import { demand, type Incoming, type Message, parseBody, type Question } from "./wire.ts";

const Schema = z.record(z.string(), z.unknown());

const Part = z.looseObject({
  text: z.string().nullish(),
  functionCall: z
    .looseObject({ id: z.string().nullish(), name: z.string(), args: z.unknown().optional() })
    .nullish(),
  thoughtSignature: z.string().nullish(),
  functionResponse: z
    .looseObject({ id: z.string().nullish(), name: z.string(), response: z.unknown().optional() })
    .nullish(),
});
type Part = z.infer<typeof Part>;

const Turn = z.looseObject({
  role: z.enum(["user", "model"]).nullish(),
  parts: z.array(Part).min(1),
});
type Turn = z.infer<typeof Turn>;

/** Strict: the real one refuses a name it does not know. */
const GenerateRequest = z.strictObject({
  contents: z.array(Turn).min(1),
  systemInstruction: z.looseObject({ parts: z.array(Part) }).nullish(),
  tools: z
    .array(
      z.looseObject({
        functionDeclarations: z
          .array(
            z.looseObject({
              name: z.string().regex(/^[a-zA-Z_][\w.:-]{0,127}$/),
              parametersJsonSchema: Schema.nullish(),
              parameters: Schema.nullish(),
            }),
          )
          .nullish(),
      }),
    )
    .nullish(),
  toolConfig: z
    .looseObject({ functionCallingConfig: z.looseObject({ mode: z.string() }).nullish() })
    .nullish(),
  generationConfig: z
    .looseObject({
      responseMimeType: z.string().nullish(),
      responseSchema: Schema.nullish(),
      responseJsonSchema: Schema.nullish(),
      maxOutputTokens: z.int().min(1).nullish(),
      temperature: z.number().min(0).max(2).nullish(),
    })
    .nullish(),
  safetySettings: z.array(z.unknown()).nullish(),
  cachedContent: z.string().nullish(),
  labels: Schema.nullish(),
  serviceTier: z.string().nullish(),
});
/** Gemini 3 and later: the first call of a turn comes back with the signature it had. */
export const signs = /gemini-[3-9]/;

type GenerateRequest = z.infer<typeof GenerateRequest>;

const countOf = (turn: Turn | undefined, key: "functionCall" | "functionResponse") =>
  (turn?.parts ?? []).filter((part) => part[key]).length;

const check = ({ contents, generationConfig, tools }: GenerateRequest, model: string) => {
  const isJson = generationConfig?.responseMimeType === "application/json";
  const asksSchema = Boolean(
    generationConfig?.responseSchema ?? generationConfig?.responseJsonSchema,
  );
  const hasTools = (tools ?? []).some(({ functionDeclarations }) => functionDeclarations?.length);
  demand(
    !(hasTools && isJson && /gemini-[12]/.test(model)),
    "Function calling with a response mime type: 'application/json' is unsupported",
  );
  demand(
    !asksSchema || isJson,
    "generation_config.response_schema is only allowed with response_mime_type: 'application/json'",
  );
  for (const [n, turn] of contents.entries()) {
    const first = turn.parts.find(({ functionCall }) => functionCall);
    demand(
      !(first && signs.test(model)) || Boolean(first.thoughtSignature),
      "Function call is missing a thought_signature in functionCall parts.",
    );
    const calls = countOf(turn, "functionCall");
    demand(
      calls === 0 || calls === countOf(contents[n + 1], "functionResponse"),
      "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.",
    );
  }
};

const textOf = (parts: readonly Part[]) => parts.flatMap(({ text }) => text ?? []).join("\n");

const messageOf = ({ role, parts }: Turn): Message => {
  const tool_results = parts.flatMap(({ functionResponse: result }) =>
    result ? [{ id: result.id ?? result.name, output: JSON.stringify(result.response) }] : [],
  );
  return {
    role: tool_results.length > 0 ? "tool" : role === "model" ? "assistant" : "user",
    text: textOf(parts),
    tool_calls: parts.flatMap(({ functionCall: call }) =>
      call ? [{ id: call.id ?? call.name, name: call.name, input: call.args ?? {} }] : [],
    ),
    tool_results,
  };
};

const declarationsOf = ({ tools }: GenerateRequest) =>
  (tools ?? [])
    .flatMap(({ functionDeclarations }) => functionDeclarations ?? [])
    .map(({ name, parametersJsonSchema, parameters }) => ({
      name,
      schema: parametersJsonSchema ?? parameters ?? {},
    }));

/** What a request asks; a BadRequest for what the provider refuses. */
export const read = ({ body, model, path }: Incoming): Question => {
  const asked = parseBody(GenerateRequest, body);
  check(asked, model ?? "");
  const declared = declarationsOf(asked);
  const isForced = asked.toolConfig?.functionCallingConfig?.mode === "ANY";
  const carrier = declared.find(({ name }) => isForced && /^json(_\d+)?$/.test(name));
  const config = asked.generationConfig ?? {};
  return {
    model: model ?? "",
    system: textOf(asked.systemInstruction?.parts ?? []),
    messages: asked.contents.map(messageOf),
    tools: declared.filter((tool) => tool !== carrier),
    schema: config.responseJsonSchema ?? config.responseSchema ?? carrier?.schema ?? null,
    json_tool: carrier?.name ?? null,
    max_output_tokens: config.maxOutputTokens ?? null,
    temperature: config.temperature ?? null,
    stream: path.endsWith(":streamGenerateContent"),
  };
};
