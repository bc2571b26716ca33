import { expect, test } from "vitest";
import { readRefusal } from "../../../../lib/agents/models/read-refusal.ts";
import type { SentOptions, Taught } from "../../../../lib/agents/models/refused-options.ts";
import { capabilitiesOf } from "../../../../lib/settings/capabilities.ts";

const takes = {
  ...capabilitiesOf({
    provider: { api: "openai-chat", base_url: "https://api.openai.com/v1" },
    model: "m",
  }),
  cache_control: "explicit" as const,
};

/** A request that has everything. */
const all: SentOptions = {
  takes,
  schema: true,
  temperature: true,
  reasoning_effort: true,
  tools: ["docs__search", "docs__edit", "ask_human"],
  maxOutputTokens: 16_000,
};

const refusal = (body: unknown, statusCode = 400) => ({
  statusCode,
  message: "Bad Request",
  responseBody: typeof body === "string" ? body : JSON.stringify(body),
});
const openai = (message: string, param: string | null = null) => ({
  error: { message, type: "invalid_request_error", param, code: null },
});
const pydantic = (...loc: (string | number)[]) => ({
  detail: [{ type: "extra_forbidden", loc, msg: "Extra inputs are not permitted", input: false }],
});
const anthropic = (message: string) => ({
  type: "error",
  error: { type: "invalid_request_error", message },
});

const not = (option: Extract<Taught, { option: unknown }>["option"]): Taught => ({
  option,
  takes: false,
  lasts: true,
});

test.each<{ body: unknown; taught: Taught; status?: number }>([
  {
    body: openai(
      "Unsupported parameter: 'temperature' is not supported with this model.",
      "temperature",
    ),
    taught: not("temperature"),
  },
  {
    body: openai(
      "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
      "temperature",
    ),
    taught: not("temperature"),
  },
  {
    body: openai(
      "Invalid 'temperature': decimal above maximum value. Must be between 0 and 1.",
      "temperature",
    ),
    taught: { option: "temperature", takes: false, lasts: false },
  },
  { body: anthropic("`temperature` is deprecated for this model."), taught: not("temperature") },
  {
    body: anthropic("`temperature` may only be set to 1 when thinking is enabled."),
    taught: { option: "temperature", takes: false, lasts: false },
  },
  { body: anthropic("temperature: Extra inputs are not permitted"), taught: not("temperature") },
  {
    body: {
      message:
        "The model returned the following errors: Malformed input request: #: extraneous key [temperature] is not permitted, please reformat your input and try again.",
    },
    taught: not("temperature"),
  },
  {
    body: {
      message:
        "This model doesn't support the temperature field. Remove temperature and try again.",
    },
    taught: not("temperature"),
  },
  { body: openai("Unrecognized request argument supplied: store"), taught: not("store") },
  { body: openai("Unrecognized request arguments supplied: foo, store"), taught: not("store") },
  { body: pydantic("body", "store"), taught: not("store"), status: 422 },
  {
    body: { object: "error", message: pydantic("body", "store") },
    taught: not("store"),
    status: 422,
  },
  {
    body: { detail: "Extra inputs are not permitted, field: 'store', value: False" },
    taught: not("store"),
  },
  { body: openai("property 'store' is unsupported"), taught: not("store") },
  { body: openai("'store' : property 'store' is unsupported"), taught: not("store") },
  {
    body: {
      object: "error",
      message:
        "[{'type': 'extra_forbidden', 'loc': ('body', 'store'), 'msg': 'Extra inputs are not permitted', 'input': False}]",
      code: 400,
    },
    taught: not("store"),
  },
  {
    body: [
      {
        error: {
          code: 400,
          message: 'Invalid JSON payload received. Unknown name "store": Cannot find field.',
        },
      },
    ],
    taught: not("store"),
  },
  { body: { error: 'json: unknown field "store"' }, taught: not("store") },
  { body: "Unknown parameter: store", taught: not("store"), status: 404 },
  { body: pydantic("body", "stream_options"), taught: not("stream_options"), status: 422 },
  {
    body: openai(
      "Unknown parameter: 'stream_options.include_usage'.",
      "stream_options.include_usage",
    ),
    taught: not("stream_options"),
  },
  {
    body: openai(
      "Unsupported parameter: 'parallel_tool_calls' is not supported with this model.",
      "parallel_tool_calls",
    ),
    taught: not("parallel_tools"),
  },
  {
    body: openai(
      "Unsupported parameter: 'reasoning_effort' is not supported with this model.",
      "reasoning_effort",
    ),
    taught: not("reasoning_effort"),
  },
  {
    body: openai(
      "Unsupported value: 'reasoning.effort' does not support 'xhigh' with this model. Supported values are: 'low', 'medium', and 'high'.",
      "reasoning.effort",
    ),
    taught: { option: "reasoning_effort", takes: false, lasts: false },
  },
  {
    body: "Model grok-4 does not support parameter reasoningEffort.",
    taught: not("reasoning_effort"),
  },
  { body: anthropic("thinking: Extra inputs are not permitted"), taught: not("reasoning_effort") },
  {
    body: openai(
      "Your organization must be verified to generate reasoning summaries.",
      "reasoning.summary",
    ),
    taught: { option: "reasoning_effort", takes: false, lasts: false },
  },
  {
    body: openai(
      "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
      "response_format",
    ),
    taught: not("schema"),
  },
  {
    body: openai("This model does not support response format `json_schema`."),
    taught: not("schema"),
  },
  { body: openai("This response_format type is unavailable now"), taught: not("schema") },
  {
    body: pydantic("body", "response_format", "json_schema", "strict"),
    taught: not("schema"),
    status: 422,
  },
  {
    body: anthropic("output_config.format: Extra inputs are not permitted"),
    taught: not("schema"),
  },
  { body: anthropic("'claude-3' does not support structured outputs."), taught: not("schema") },
  {
    body: {
      error: {
        message: "Unknown name \"responseJsonSchema\" at 'generation_config': Cannot find field.",
      },
    },
    taught: not("schema"),
  },
  {
    body: openai(
      "Invalid schema for response_format 'answer': In context=(), 'additionalProperties' is required",
      "response_format",
    ),
    taught: { option: "schema", takes: false, lasts: false },
  },
  {
    body: openai("json mode cannot be combined with tool/function calling"),
    taught: not("schema_with_tools"),
  },
  {
    body: openai(
      "`response_format` and `tools` cannot be used in the same request",
      "response_format",
    ),
    taught: not("schema_with_tools"),
  },
  {
    body: {
      error: {
        message: "Function calling with a response mime type: 'application/json' is unsupported",
      },
    },
    taught: not("schema_with_tools"),
  },
  {
    body: openai(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      "max_tokens",
    ),
    taught: { option: "output_limit", takes: "max_completion_tokens", lasts: true },
  },
  {
    body: pydantic("body", "max_tokens"),
    taught: { option: "output_limit", takes: "max_completion_tokens", lasts: true },
  },
  {
    body: openai(
      "max_tokens is too large: 16000. This model supports at most 4096 completion tokens, whereas you provided 16000.",
      "max_tokens",
    ),
    taught: { option: "max_output_tokens", takes: 4_096, lasts: true },
  },
  {
    body: anthropic(
      "max_tokens: 16000 > 8192, which is the maximum allowed number of output tokens for claude-3-5-haiku-20241022",
    ),
    taught: { option: "max_output_tokens", takes: 8_192, lasts: true },
  },
  {
    body: openai(
      "`max_tokens` must be less than or equal to `8,192`, the maximum value for `max_tokens` is less than the `context_window`",
    ),
    taught: { option: "max_output_tokens", takes: 8_192, lasts: true },
  },
  {
    body: openai("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]"),
    taught: { option: "max_output_tokens", takes: 8_192, lasts: true },
  },
  {
    body: {
      message:
        "The maximum tokens you requested exceeds the model limit of 10000. Try again with a maximum tokens value that is lower than 10000.",
    },
    taught: { option: "max_output_tokens", takes: 9_999, lasts: true },
  },
  ...[
    "System role not supported",
    "Developer instruction is not enabled for models/gemma-3-27b-it",
    "This model doesn't support system messages. Try again without a system message or use a model that supports system messages.",
    "Conversation roles must alternate user/assistant/user/assistant/...",
    "'messages[0].role' does not support 'system' role with this model.",
  ].map((words) => ({ body: openai(words), taught: not("system") })),
  { body: openai("This model does not support tools", "tools"), taught: not("tools") },
  {
    body: { error: "registry.ollama.ai/library/gemma:2b does not support tools" },
    taught: not("tools"),
  },
  { body: openai("No endpoints found that support tool use."), taught: not("tools"), status: 404 },
  {
    body: { message: "This model doesn't support tool use in streaming mode." },
    taught: not("tools"),
  },
  {
    body: openai(
      '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
    ),
    taught: not("tools"),
  },
  { body: openai("tools param requires --jinja flag"), taught: not("tools"), status: 500 },
  { body: openai("`tools` is not supported by this model"), taught: not("tools") },
  {
    body: openai(
      "Invalid 'tools': array too long. Expected an array with maximum length 2, but got an array with length 3 instead.",
      "tools",
    ),
    taught: { option: "max_tools", takes: 2, lasts: true },
  },
  {
    body: openai(
      "Invalid schema for function 'docs__edit': schema must have type 'object' and not have 'oneOf' at the top level",
      "tools[1].function.parameters",
    ),
    taught: { tool: "docs__edit" },
  },
  {
    body: anthropic(
      "tools.1.custom.input_schema.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'",
    ),
    taught: { tool: "docs__edit" },
  },
  {
    body: {
      error: {
        message: "Invalid value at 'tools[0].function_declarations[0].parameters_json_schema'",
        status: "INVALID_ARGUMENT",
      },
    },
    taught: { tool: "docs__search" },
  },
  {
    body: {
      message:
        "The value at toolConfig.tools.0.toolSpec.inputSchema.json.type must be one of the following: object.",
    },
    taught: { tool: "docs__search" },
  },
  {
    body: anthropic("messages.0.content.0.text.cache_control: Extra inputs are not permitted"),
    taught: { option: "cache_control", takes: "none", lasts: true },
  },
  {
    body: {
      message:
        "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.",
    },
    taught: { option: "cache_control", takes: "none", lasts: true },
  },
])("$body teaches $taught", ({ body, taught, status }) => {
  expect(readRefusal(refusal(body, status), all)).toEqual(taught);
});

test.each<{ body: unknown; status?: number; sent?: Partial<SentOptions> }>([
  {
    body: openai(
      "This model's maximum context length is 8192 tokens. However, you requested 20000 tokens (4000 in the messages, 16000 in the completion). Please reduce the length of the messages or completion.",
      "messages",
    ),
  },
  {
    body: openai(
      "'max_tokens' or 'max_completion_tokens' is too large: 16000. This model's maximum context length is 8192 tokens and your request has 500 input tokens.",
    ),
  },
  { body: anthropic("prompt is too long: 250000 tokens > 200000 maximum") },
  {
    body: openai(
      "Invalid 'messages[1].content': the text \"'temperature' is not supported\" is invalid.",
      "messages[1].content",
    ),
  },
  {
    body: openai(
      "The model `temperature` does not exist or you do not have access to it.",
      "model",
    ),
    status: 404,
  },
  { body: openai("Rate limit reached: 'temperature' is not supported"), status: 429 },
  { body: openai("Incorrect API key: `store` is not supported"), status: 401 },
  { body: openai("We could not parse the JSON body of your request.") },
  { body: openai("The server had an error while processing your request."), status: 500 },
  { body: openai("Something in the store is not available.") },
  {
    body: openai(
      "Your request was rejected by the safety system. Tools of this kind are not allowed.",
    ),
  },
  { body: pydantic("body", "seed"), status: 422 },
  { body: "", status: 422 },
  { body: "<html><body>404 not found</body></html>", status: 404 },
  {
    body: openai("Unrecognized request argument supplied: store"),
    sent: { takes: { ...takes, store: false } },
  },
  { body: openai("Unsupported parameter: 'temperature'"), sent: { temperature: false } },
  { body: openai("'response_format' is not supported"), sent: { schema: false } },
  { body: openai("json mode cannot be combined with tools"), sent: { tools: [], schema: false } },
  {
    body: openai("Unsupported parameter: 'max_output_tokens'"),
    sent: { takes: { ...takes, output_limit: "own" } },
  },
  { body: openai("Invalid schema for function 'other': no"), sent: { schema: false } },
])("$body teaches nothing", ({ body, status, sent }) => {
  expect(readRefusal(refusal(body, status), { ...all, ...sent })).toBeNull();
});

test("a schema that went out as a tool is refused with the words for tools", () => {
  const error = refusal({ message: "This model doesn't support tool use." });
  expect(readRefusal(error, { ...all, tools: [] })).toEqual(not("schema"));
});

test.each([null, undefined, "store", new Error("Unsupported parameter: 'store'"), { cause: null }])(
  "%j is read without harm",
  (error) => {
    expect(() => readRefusal(error, all)).not.toThrow();
  },
);

const noTypes = { ...all, temperature: false };

test.each<{ words: string; taught: Taught; status?: number }>([
  ...[
    "deepseek-reasoner does not support Json Output.",
    "response_format value as json_schema is enabled only for api versions 2024-08-01-preview and later",
    "'response_format.type' must be 'text'",
    "'response_format' : one of the following must be satisfied[('response_format.type' : value is not one of the allowed values ['text'])]",
    'response_format type must be one of "text" or "json_object", but got: json_schema',
    "Input validation error: grammar is not supported",
    "Validation: Unsupported parameter(s): `response_format`",
    "This model doesn't support the outputConfig.textFormat field. Remove outputConfig.textFormat and try again.",
    "'claude-3-haiku' does not support output format.",
  ].map((words) => ({ words, taught: not("schema") })),
  ...[
    "Cannot use json response type with tools",
    "Cannot use custom grammar constraints with tools.",
    "Tool error: Grammar and tools are mutually exclusive",
    "invalid request: cannot specify response_format when tools are present",
    "This model doesn't support the toolConfig.toolChoice.any field. Remove toolConfig.toolChoice.any and try again.",
  ].map((words) => ({ words, taught: not("schema_with_tools") })),
  ...[
    "Failed to generate JSON. Please adjust your prompt. See 'failed_generation' for more details.",
    "Generated JSON does not match the expected schema.",
    "Failed to initialize samplers: failed to parse grammar",
    'Grammar error: Unimplemented keys: ["format"]',
    "The specified schema produces a constraint that has too many states for serving.",
    "The specified schema exceeds the maximum allowed nesting depth",
    "output_format.schema: Schema is too complex for compilation",
    "The compiled grammar is too large, which would cause performance issues.",
  ].map((words) => ({ words, taught: { option: "schema", takes: false, lasts: false } as const })),
  {
    words: "invalid JSON schema in format",
    status: 500,
    taught: { option: "schema", takes: false, lasts: false },
  },
  ...[
    "* GenerateContentRequest.tools[0].function_declarations[1].parameters.properties: should be non-empty for OBJECT type",
    "Invalid JSON payload received. Unknown name \"additionalProperties\" at 'tools[0].function_declarations[1].parameters': Cannot find field.",
    "Malformed input request: #/toolConfig/tools/1/toolSpec/inputSchema/json: extraneous key [$defs] is not permitted",
  ].map((words) => ({ words, taught: { tool: "docs__edit" } })),
])("servers also say $words", ({ words, taught, status }) => {
  expect(readRefusal(refusal(openai(words), status), noTypes)).toEqual(taught);
});

test("a choice of tools that is refused is about the schema's own tool", () => {
  const words = "This model doesn't support the toolConfig.toolChoice.any field.";
  expect(readRefusal(refusal(openai(words)), { ...all, tools: [] })).toEqual(not("schema"));
});
