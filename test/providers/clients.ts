import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, type LanguageModel, Output, streamText, type ToolSet } from "ai";
import type { z } from "zod";
import type { startProviders } from "./server.ts";
import type { Provider } from "./wire.ts";

type Env = Awaited<ReturnType<typeof startProviders>>["env"];

const openaiOf = (env: Env) =>
  createOpenAI({ apiKey: env.OPENAI_API_KEY, baseURL: env.OPENAI_BASE_URL });

/** The real client of each wire, and the model its requests name unless a test names another. */
const clients = {
  openai: { model: "gpt-4.1-mini", of: (env: Env) => openaiOf(env).responses },
  "openai-chat": { model: "gpt-4.1-mini", of: (env: Env) => openaiOf(env).chat },
  anthropic: {
    model: "claude-sonnet-4-5",
    of: (env: Env) =>
      createAnthropic({ apiKey: env.ANTHROPIC_API_KEY, baseURL: env.ANTHROPIC_BASE_URL }),
  },
  google: {
    model: "gemini-2.5-flash",
    of: (env: Env) =>
      createGoogle({
        apiKey: env.GOOGLE_GENERATIVE_AI_API_KEY,
        baseURL: env.GOOGLE_GENERATIVE_AI_BASE_URL,
      }),
  },
  bedrock: {
    model: "amazon.nova-lite-v1:0",
    of: (env: Env) =>
      createAmazonBedrock({
        apiKey: env.AWS_BEARER_TOKEN_BEDROCK,
        baseURL: env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME,
        region: env.AWS_REGION,
      }),
  },
} as const satisfies Record<
  Provider,
  { model: string; of: (env: Env) => (model: string) => LanguageModel }
>;

type Mode = "streaming" | "whole";

/** Every wire, streaming and not. */
export const ways = (Object.keys(clients) as Provider[]).flatMap((provider) =>
  (["streaming", "whole"] as const).map((mode) => ({ provider, mode })),
);

type Question = {
  provider: Provider;
  mode: Mode;
  env: Env;
  model?: string;
  prompt?: string;
  schema?: z.ZodType;
  tools?: ToolSet;
  signal?: AbortSignal;
};

type Outcome = {
  text?: string;
  /** The text as it came, in pieces. */
  deltas?: string[];
  finish?: string;
  usage?: { input: number | undefined; output: number | undefined; cached: number | undefined };
  output?: unknown;
  /** What was thrown, or what an `error` part brought. */
  error?: unknown;
  /** How the error came: thrown, or as a part of the stream. */
  by?: "throw" | "part" | "abort";
};

type Settings = Parameters<typeof generateText>[0] & Parameters<typeof streamText>[0];

const settingsOf = ({ provider, env, model, prompt, schema, tools, signal }: Question) =>
  ({
    model: clients[provider].of(env)(model ?? clients[provider].model),
    prompt: prompt ?? "Is it?",
    maxRetries: 0,
    maxOutputTokens: 400,
    stopWhen: ({ steps }) => steps.length >= 3,
    ...(schema && { output: Output.object({ schema }) }),
    ...(tools && { tools }),
    ...(signal && { abortSignal: signal }),
  }) satisfies Settings;

type Counted = Awaited<ReturnType<typeof generateText>>["usage"];

const usageOf = ({ inputTokens, outputTokens, inputTokenDetails }: Counted) => ({
  input: inputTokens,
  output: outputTokens,
  cached: inputTokenDetails.cacheReadTokens,
});

const askWhole = async (question: Question): Promise<Outcome> => {
  try {
    const { text, finishReason, usage, output } = await generateText(settingsOf(question));
    return { text, finish: finishReason, usage: usageOf(usage), output };
  } catch (error) {
    return { error, by: "throw" };
  }
};

const askStream = async (question: Question): Promise<Outcome> => {
  const outcome: Outcome = { deltas: [] };
  const answer = streamText({ ...settingsOf(question), onError: () => {} });
  try {
    for await (const part of answer.stream) {
      if (part.type === "text-delta") outcome.deltas?.push(part.text);
      if (part.type === "error") Object.assign(outcome, { error: part.error, by: "part" });
      if (part.type === "abort") Object.assign(outcome, { error: part.reason, by: "abort" });
    }
    const [text, finish, usage] = await Promise.all([
      answer.text,
      answer.finishReason,
      answer.usage,
    ]);
    const output = await Promise.resolve(answer.output).catch((error: unknown) => {
      Object.assign(outcome, { error, by: "throw" });
    });
    return { ...outcome, text, finish, usage: usageOf(usage), output };
  } catch (error) {
    return outcome.by ? outcome : { ...outcome, error, by: "throw" };
  }
};

/** One question to one provider by the real client, without retries; it never rejects. */
export const ask = (question: Question): Promise<Outcome> =>
  question.mode === "streaming" ? askStream(question) : askWhole(question);
