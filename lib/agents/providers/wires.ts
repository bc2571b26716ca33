import { anthropic, openAnthropic } from "./anthropic.ts";
import { bedrock, openBedrock } from "./bedrock.ts";
import { google, openGoogle } from "./google.ts";
import { openai, openOpenai } from "./openai.ts";
import { openaiChat, openOpenaiChat } from "./openai-chat.ts";
import type { OpenModels, Wire } from "./wire.ts";

/** The wires by their names in settings (`api`). To add one: a file in this folder, and a row in both maps. */
export const wires = {
  openai,
  "openai-chat": openaiChat,
  anthropic,
  google,
  bedrock,
} as const satisfies Record<string, Wire>;

export type WireName = keyof typeof wires;

/** Opens models, by wire. Only code that asks models imports it: the bundler leaves the SDKs out of all other functions. */
export const openers: Readonly<Record<WireName, OpenModels>> = {
  openai: openOpenai,
  "openai-chat": openOpenaiChat,
  anthropic: openAnthropic,
  google: openGoogle,
  bedrock: openBedrock,
};
