import { type RewriteBody, without } from "./sent-body.ts";
import { bearer, type OpenModels, sdkSettings, type Wire } from "./wire.ts";

const rewrite: RewriteBody = (body, sent) => {
  const { max_output_tokens, ...fields } = without(body, [
    !sent.store && "store",
    !sent.include && "include",
    !sent.reasoning_effort && "reasoning",
    !sent.parallel_tools && "parallel_tool_calls",
  ]);
  return { ...fields, max_output_tokens: sent.maxOutputTokens };
};

/** OpenAI's Responses API. https://platform.openai.com/docs/api-reference/responses */
export const openai: Wire = {
  probe: { path: "/models", headers: bearer, keyRefused: [401, 403] },
  refusals: [],
  schemaInPrompt: false,
  // The provider stores nothing, and does not require its stricter dialect of JSON Schema.
  // Summaries of its reasoning are not read, and only verified organisations get them.
  options: {
    openai: {
      store: false,
      strictJsonSchema: false,
      systemMessageMode: "system",
      reasoningSummary: null,
    },
  },
  family: "openai",
  rewrite,
  needsKey: true,
  regionUrl: null,
};

export const openOpenai: OpenModels = async (endpoint, fetch) => {
  const { createOpenAI } = await import("@ai-sdk/openai");
  const { responses } = createOpenAI(sdkSettings(endpoint, fetch));
  return (model) => responses(model);
};
