import type { LanguageModel, streamText } from "ai";
import type { RefusalRule } from "./refusal.ts";
import type { RewriteBody } from "./sent-body.ts";

/** The address of a provider, and its credentials. */
export type Endpoint = {
  name: string;
  /** Without a slash at its end. */
  base_url: string;
  /** Null: no key; a wire that needs none uses the credentials of the function's role. */
  api_key: string | null;
  /** Null for wires without regions. */
  region: string | null;
};

/**
 * What differs between wires, the protocols of providers. Every function bundles this part, so it imports no SDK: only the
 * OpenModels function beside it in the wire's file does.
 */
export type Wire = {
  /** A request that spends no tokens and, where the wire needs a key, shows whether the key is good. */
  probe: {
    /** Appended to the base URL. */
    path: string;
    headers: (key: string) => Record<string, string>;
    /** HTTP statuses of the probe that mean that the key is refused. */
    keyRefused: readonly number[];
  };
  /** What its own names of errors mean. They count before those that all wires use. */
  refusals: readonly RefusalRule[];
  /** Its servers may ignore the schema of a request, so the prompt has the schema, too. */
  schemaInPrompt: boolean;
  /** The SDK's `providerOptions` for each call. */
  options: NonNullable<Parameters<typeof streamText>[0]["providerOptions"]>;
  /** Which of an agent file's `provider_options` are for it. */
  family: "openai" | "anthropic" | "google" | "bedrock";
  /** Changes the SDK's requests; null where they are signed, or right as they are. */
  rewrite: RewriteBody | null;
  /** False: it uses the credentials of the function's role, and is configured when a setting names it. */
  needsKey: boolean;
  /** Gives the base URL in a region; null for wires without regions. */
  regionUrl: ((region: string) => string) | null;
};

/**
 * Opens the models of a provider. It loads the wire's SDK when it is called, so that other functions start without it.
 *
 * @param fetch sends the requests
 */
export type OpenModels = (
  endpoint: Endpoint,
  fetch: typeof globalThis.fetch,
) => Promise<(model: string) => LanguageModel>;

/** Makes the settings that most of the SDK's factories take. */
export const sdkSettings = (
  { name, base_url, api_key }: Endpoint,
  fetch: typeof globalThis.fetch,
) => ({
  name,
  baseURL: base_url,
  apiKey: api_key ?? "",
  fetch,
});

/** Makes the header `Authorization: Bearer`. */
export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** Google's words for a wrong key, which its OpenAI-compatible API uses, too. */
export const badKey: RefusalRule = { kind: "key_refused", status: [400], says: /^api key/i };
