import { openaiChat } from "./openai-chat.ts";
import { openaiError } from "./openai-errors.ts";
import { openaiResponses } from "./openai-responses.ts";
import { brokenEvent, type Vendor } from "./wire.ts";

export const openaiKey = "sk-fake-openai";

const model = (id: string) => ({ id, object: "model", created: 1_750_000_000, owned_by: "system" });

/** Errors: `{error: {message, type, param, code}}`. */
export const openai: Vendor = {
  prefix: "/openai/v1",
  wires: [openaiResponses, openaiChat],
  stream_type: "text/event-stream; charset=utf-8",
  models: { object: "list", data: [model("gpt-5-mini"), model("gpt-4.1-mini")] },
  refuse: ({ authorization }) =>
    authorization === `Bearer ${openaiKey}`
      ? null
      : { status: 401, message: "Incorrect API key provided." },
  error: (failure) => ({ body: { error: openaiError(failure) } }),
  broken: brokenEvent,
};
