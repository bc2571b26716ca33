import * as z from "zod";
import { Json, jsonByteLength } from "../domain/json.ts";

/** How much a model thinks before it answers. */
export const ReasoningEffort = z.enum(["none", "minimal", "low", "medium", "high", "xhigh"]);
export type ReasoningEffort = z.infer<typeof ReasoningEffort>;

/** Bytes of the options for one family of providers. */
const maxBytes = 4_000;

/**
 * The options that a file may set, by the SDK's names. None of them changes a price or lets an answer be longer than the limit
 * for which money is reserved, as a service tier, a server's own tools or another field of the limit would.
 *
 * @see https://ai-sdk.dev/providers/ai-sdk-providers
 */
const allowed = {
  openai: [
    "logitBias",
    "metadata",
    "parallelToolCalls",
    "promptCacheKey",
    "reasoningSummary",
    "safetyIdentifier",
    "textVerbosity",
    "truncation",
    "user",
  ],
  anthropic: ["disableParallelToolUse", "effort", "metadata", "sendReasoning", "thinking"],
  google: ["labels", "safetySettings", "thinkingConfig", "threshold"],
  bedrock: ["guardrailConfig", "requestMetadata"],
} as const;

/** Options by the family of the provider: `openai` is also for servers that are compatible with it. */
export type ProviderOptions = Readonly<
  Partial<Record<keyof typeof allowed, Readonly<Record<string, Json>>>>
>;

const optionsOf = (names: readonly string[]) =>
  z
    .record(z.string(), Json)
    .superRefine((options, context) => {
      const odd = Object.keys(options).find((name) => !names.includes(name));
      if (odd !== undefined) {
        context.addIssue(`"${odd.slice(0, 60)}" cannot be set here: use ${names.join(", ")}`);
      }
      if (jsonByteLength(options) > maxBytes) context.addIssue(`Must be at most ${maxBytes} bytes`);
    })
    .exactOptional();

/** `provider_options` of an agent's or a step's file. */
export const ProviderOptions = z.strictObject({
  openai: optionsOf(allowed.openai),
  anthropic: optionsOf(allowed.anthropic),
  google: optionsOf(allowed.google),
  bedrock: optionsOf(allowed.bedrock),
});
