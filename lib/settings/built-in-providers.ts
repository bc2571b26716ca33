import * as z from "zod";
import { wires } from "../agents/providers/wires.ts";
import { ApiKey, BaseUrl, ModelId, Region } from "./provider-fields.ts";
import type { Provider, ProviderApi } from "./providers.ts";

/** The environment variables of the built-in providers. */
export const builtInVariables = {
  ANTHROPIC_API_KEY: ApiKey.optional(),
  ANTHROPIC_BASE_URL: BaseUrl.default("https://api.anthropic.com/v1"),
  ANTHROPIC_MODEL: ModelId.default("claude-sonnet-5-5"),
  OPENAI_API_KEY: ApiKey.optional(),
  OPENAI_BASE_URL: BaseUrl.default("https://api.openai.com/v1"),
  OPENAI_MODEL: ModelId.default("gpt-6.1-sol"),
  /** `chat`: the Chat Completions API, for servers that are compatible with OpenAI. */
  OPENAI_API: z.enum(["responses", "chat"]).default("responses"),
  GOOGLE_GENERATIVE_AI_API_KEY: ApiKey.optional(),
  GEMINI_API_KEY: ApiKey.optional(),
  GOOGLE_API_KEY: ApiKey.optional(),
  GOOGLE_GENERATIVE_AI_BASE_URL: BaseUrl.default(
    "https://generativelanguage.googleapis.com/v1beta",
  ),
  GOOGLE_MODEL: ModelId.default("gemini-4-argon"),
  AWS_BEARER_TOKEN_BEDROCK: ApiKey.optional(),
  AWS_ENDPOINT_URL_BEDROCK_RUNTIME: BaseUrl.optional(),
  BEDROCK_MODEL: ModelId.optional(),
  AWS_REGION: Region.optional(),
};

type BuiltInSettings = z.output<z.ZodObject<typeof builtInVariables>>;

/** Adds the version to Anthropic's address: Anthropic's own tools take it without. */
const versioned = (url: string) =>
  url === "https://api.anthropic.com" ? "https://api.anthropic.com/v1" : url;

const anthropic = (env: BuiltInSettings): Provider => ({
  name: "anthropic",
  api: "anthropic",
  base_url: versioned(env.ANTHROPIC_BASE_URL),
  api_key: env.ANTHROPIC_API_KEY ?? null,
  region: null,
  model: env.ANTHROPIC_MODEL,
});

const openai = (env: BuiltInSettings): Provider => ({
  name: "openai",
  api: env.OPENAI_API === "chat" ? "openai-chat" : "openai",
  base_url: env.OPENAI_BASE_URL,
  api_key: env.OPENAI_API_KEY ?? null,
  region: null,
  model: env.OPENAI_MODEL,
});

const google = (env: BuiltInSettings): Provider => ({
  name: "google",
  api: "google",
  base_url: env.GOOGLE_GENERATIVE_AI_BASE_URL,
  api_key: env.GOOGLE_GENERATIVE_AI_API_KEY ?? env.GEMINI_API_KEY ?? env.GOOGLE_API_KEY ?? null,
  region: null,
  model: env.GOOGLE_MODEL,
});

/** Gives a wire's base URL in a region; null for wires without regions, and for an unknown region. */
export const regionUrl = (api: ProviderApi, region: string | null): string | null =>
  region === null ? null : (wires[api].regionUrl?.(region) ?? null);

/**
 * Gives the default model: through the inference profile of the region's group (us, eu), elsewhere through the global one.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
 */
const bedrockModel = (region: string | null): string =>
  `${/^(us|eu)-/.exec(region ?? "")?.[1] ?? "global"}.anthropic.claude-sonnet-5-5`;

const bedrock = (env: BuiltInSettings): Provider => {
  const region = env.AWS_REGION ?? null;
  return {
    name: "bedrock",
    api: "bedrock",
    base_url: env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME ?? regionUrl("bedrock", region) ?? "",
    api_key: env.AWS_BEARER_TOKEN_BEDROCK ?? null,
    region,
    model: env.BEDROCK_MODEL ?? bedrockModel(region),
  };
};

/** Lists the built-in providers, configured or not, in the order in which they replace each other. */
export const builtInProviders = (env: BuiltInSettings): readonly Provider[] => [
  anthropic(env),
  openai(env),
  google(env),
  bedrock(env),
];
