import { anthropic, openAnthropic } from "./anthropic.ts";
import { bedrock, openBedrock } from "./bedrock.ts";
import { google, openGoogle } from "./google.ts";
import { openai, openOpenai } from "./openai.ts";
import { openaiChat, openOpenaiChat } from "./openai-chat.ts";
import type { OpenModels, Wire } from "./wire.ts";

/** The wires by the name that a setting calls them (`api`). Another wire is a file beside this one, and a row in each map. */
export const wires = {
  openai,
  "openai-chat": openaiChat,
  anthropic,
  google,
  bedrock,
} as const satisfies Record<string, Wire>;

export type WireName = keyof typeof wires;

/** Only who asks models imports this: the bundler leaves the SDKs out of every other function. */
export const openers: Readonly<Record<WireName, OpenModels>> = {
  openai: openOpenai,
  "openai-chat": openOpenaiChat,
  anthropic: openAnthropic,
  google: openGoogle,
  bedrock: openBedrock,
};
