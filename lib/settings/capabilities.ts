import * as z from "zod";
import type { ProviderApi } from "./providers.ts";

/** The most that a provider takes of something; null: nothing is known, so nothing is checked. */
const Most = z.int().min(1).max(100_000_000).nullable();

/** What a model takes in a request. What it does not take is left out, or said in another way. */
export const Capabilities = z.strictObject({
  /** The schema of the answer in a field of its own. Without it the schema is in the prompt. */
  schema: z.boolean(),
  /** The schema of the answer in the same request as tools. Without it the schema is in the prompt while there are tools. */
  schema_with_tools: z.boolean(),
  tools: z.boolean(),
  /** A message with the role `system`. Without it the system prompt begins the first message. */
  system: z.boolean(),
  /** The option that allows or forbids several tool calls in one reply. */
  parallel_tools: z.boolean(),
  temperature: z.boolean(),
  /** The option that says how much a model thinks before it answers. */
  reasoning_effort: z.boolean(),
  /** The field that limits the answer's length; `own`: the wire has one field only. Every request has a limit, as it bounds the cost. */
  output_limit: z.enum(["own", "max_tokens", "max_completion_tokens"]),
  /** The option that forbids the provider to store the request. */
  store: z.boolean(),
  /** The option that asks for the count of tokens at the end of a stream. */
  stream_options: z.boolean(),
  /** The option of the Responses API that asks for the model's reasoning, encrypted, to send it with the next request. */
  include: z.boolean(),
  /** How prompts are cached: `automatic` needs no mark in the request, `explicit` needs `cache_control` or a cache point. */
  cache_control: z.enum(["none", "automatic", "explicit"]),
  /** Tokens of a prompt. */
  max_input_tokens: Most,
  /** Tokens of an answer. */
  max_output_tokens: Most,
  /** Tools in one request. */
  max_tools: Most,
  /** Whose rules the schemas of tools must meet; `any`: they are sent as they are. */
  tool_schemas: z.enum(["any", "openai", "anthropic", "google", "bedrock"]),
});
export type Capabilities = z.output<typeof Capabilities>;

/** Capabilities in the settings: only those that differ from the table. */
export const CapabilitySetting = Capabilities.partial();
export type CapabilitySetting = z.output<typeof CapabilitySetting>;

/** What a model takes of which neither the wire nor the model's name says otherwise. */
const usual: Capabilities = {
  schema: true,
  schema_with_tools: true,
  tools: true,
  system: true,
  parallel_tools: true,
  temperature: true,
  reasoning_effort: true,
  output_limit: "own",
  store: false,
  stream_options: true,
  include: true,
  cache_control: "none",
  max_input_tokens: null,
  max_output_tokens: null,
  max_tools: null,
  tool_schemas: "any",
};

/**
 * What differs by wire.
 *
 * @see https://platform.openai.com/docs/api-reference/chat/create 128 tools
 * @see https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/function-calling 128 functions
 */
const wireDefaults: Readonly<Record<ProviderApi, CapabilitySetting>> = {
  openai: { cache_control: "automatic", max_tools: 128, tool_schemas: "openai" },
  "openai-chat": {
    output_limit: "max_tokens",
    cache_control: "automatic",
    max_tools: 128,
    tool_schemas: "openai",
  },
  anthropic: { cache_control: "explicit", tool_schemas: "anthropic" },
  google: { cache_control: "automatic", max_tools: 128, tool_schemas: "google" },
  // Where the SDK sends the effort as a budget, it adds the budget to the limit for which money is reserved.
  bedrock: { tool_schemas: "bedrock", reasoning_effort: false },
};

type ModelRule = { wires: readonly ProviderApi[]; model: RegExp; takes: CapabilitySetting };

const openaiWires = ["openai", "openai-chat"] as const;
const claudeWires = ["anthropic", "bedrock"] as const;

/**
 * What differs by model. All rows that fit count, the later ones first. The limits are those of the providers' pages.
 *
 * @see https://platform.openai.com/docs/models
 * @see https://docs.anthropic.com/en/docs/about-claude/models/overview
 * @see https://ai.google.dev/gemini-api/docs/models
 * @see https://docs.aws.amazon.com/nova/latest/userguide/what-is-nova.html
 */
const modelRules: readonly ModelRule[] = [
  {
    wires: openaiWires,
    model: /^gpt-4o/,
    takes: { max_input_tokens: 128_000, max_output_tokens: 16_384, reasoning_effort: false },
  },
  {
    wires: openaiWires,
    model: /^gpt-4\.1/,
    takes: { max_input_tokens: 1_047_576, max_output_tokens: 32_768, reasoning_effort: false },
  },
  {
    wires: openaiWires,
    model: /^gpt-3\.5-turbo/,
    takes: {
      schema: false,
      max_input_tokens: 16_385,
      max_output_tokens: 4_096,
      reasoning_effort: false,
    },
  },
  // Later models of GPT-5 take a temperature while they do not reason: there the SDK leaves it out.
  {
    wires: openaiWires,
    model: /^(?:o\d|gpt-5(?![.\d])|gpt-(?:[6-9]|\d\d))/,
    takes: { temperature: false },
  },
  {
    wires: openaiWires,
    model: /^gpt-5-chat/,
    takes: { temperature: true, reasoning_effort: false, tools: false, max_output_tokens: 16_384 },
  },
  {
    wires: openaiWires,
    model: /^o\d/,
    takes: { max_input_tokens: 200_000, max_output_tokens: 100_000 },
  },
  {
    wires: ["openai-chat"],
    model: /^(?:o\d|gpt-(?:[5-9]|\d\d))/,
    takes: { output_limit: "max_completion_tokens" },
  },
  { wires: claudeWires, model: /claude-/, takes: { cache_control: "explicit" } },
  {
    wires: claudeWires,
    model: /claude-3-haiku/,
    takes: { max_input_tokens: 200_000, max_output_tokens: 4_096, reasoning_effort: false },
  },
  {
    wires: claudeWires,
    model: /claude-3-5-/,
    takes: { max_input_tokens: 200_000, max_output_tokens: 8_192, reasoning_effort: false },
  },
  {
    wires: claudeWires,
    model: /claude-opus-4(?:-[01]\b|-\d{8}|$)/,
    takes: { max_output_tokens: 32_000 },
  },
  {
    wires: claudeWires,
    model: /claude-(?:sonnet-4(?:-[05]\b|-\d{8}|$)|(?:opus|haiku)-4-5)/,
    takes: { max_output_tokens: 64_000 },
  },
  {
    wires: claudeWires,
    model: /claude-(?:(?:opus|sonnet)-(?:4-[6-9]|5)|haiku-5|fable-)/,
    takes: { max_output_tokens: 128_000 },
  },
  {
    wires: claudeWires,
    model: /claude-(?:opus-(?:4-[78]|5)|sonnet-5|haiku-5|fable-)/,
    takes: { temperature: false },
  },
  {
    wires: ["bedrock"],
    model: /claude-(?:(?:opus|sonnet)-(?:4-[6-9]|5)|haiku-5|fable-)|openai\./,
    takes: { reasoning_effort: true },
  },
  {
    wires: ["google"],
    model: /^(?:models\/)?gemini-(?:2\.5|3)/,
    takes: { max_input_tokens: 1_048_576, max_output_tokens: 65_536 },
  },
  {
    wires: ["google"],
    model: /^(?:models\/)?gemini-(?:1|2\.0)/,
    takes: { max_input_tokens: 1_048_576, max_output_tokens: 8_192, reasoning_effort: false },
  },
  {
    wires: ["bedrock"],
    model: /amazon\.nova-(?:micro|lite|pro|premier)/,
    takes: { max_output_tokens: 10_000, reasoning_effort: false },
  },
];

/** The host of a provider's address; an empty text when it is no address. */
const hostOf = (address: string): string =>
  URL.canParse(address) ? new URL(address).hostname : "";

/** OpenAI itself takes `store`; servers that are only compatible may refuse it. Its hosts for regions end alike. */
const isOpenAi = (host: string): boolean => /(?:^|\.)api\.openai\.com$/.test(host);

/** The model that is asked, with what the settings say about it. */
type AskedModel = {
  provider: {
    api: ProviderApi;
    base_url: string;
    capabilities?: CapabilitySetting;
    models?: Readonly<Record<string, { capabilities?: CapabilitySetting }>>;
  };
  model: string;
};

const settingOf = (models: AskedModel["provider"]["models"], model: string) =>
  models && Object.hasOwn(models, model) ? models[model]?.capabilities : undefined;

/**
 * Gives what a model takes: the table's row of its wire, then what its server and name are known for, then what
 * MODEL_PROVIDERS says of its provider, then of the model.
 */
export const capabilitiesOf = ({ provider, model }: AskedModel): Capabilities => {
  const { api, base_url, capabilities, models } = provider;
  const known = modelRules.filter((rule) => rule.wires.includes(api) && rule.model.test(model));
  return Object.assign(
    { ...usual },
    wireDefaults[api],
    isOpenAi(hostOf(base_url)) && { store: true },
    ...known.map(({ takes }) => takes),
    capabilities,
    settingOf(models, model),
  );
};
