import { type RewriteBody, without } from "./sent-body.ts";
import { badKey, bearer, type OpenModels, sdkSettings, type Wire } from "./wire.ts";

/** Sends the limit in the field that the server takes: the SDK chooses it by the model's name. */
const rewrite: RewriteBody = (body, sent) => {
  const fields = without(body, [
    "max_tokens",
    "max_completion_tokens",
    !sent.store && "store",
    !sent.stream_options && "stream_options",
    !sent.reasoning_effort && "reasoning_effort",
    !sent.parallel_tools && "parallel_tool_calls",
  ]);
  const limit = sent.output_limit === "own" ? "max_tokens" : sent.output_limit;
  return { ...fields, [limit]: sent.maxOutputTokens };
};

/** OpenAI's Chat Completions API, which compatible servers speak. https://platform.openai.com/docs/api-reference/chat */
export const openaiChat: Wire = {
  probe: { path: "/models", headers: bearer, keyRefused: [401, 403] },
  refusals: [badKey],
  schemaInPrompt: true,
  // The provider stores nothing, and does not require its stricter dialect of JSON Schema.
  options: { openai: { store: false, strictJsonSchema: false, systemMessageMode: "system" } },
  family: "openai",
  rewrite,
  needsKey: true,
  regionUrl: null,
};

export const openOpenaiChat: OpenModels = async (endpoint, fetch) => {
  const { createOpenAI } = await import("@ai-sdk/openai");
  const { chat } = createOpenAI(sdkSettings(endpoint, fetch));
  return (model) => chat(model);
};
