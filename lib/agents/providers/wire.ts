import type { LanguageModel, streamText } from "ai";

/** Where a provider is, and with what it is asked. */
export type Endpoint = {
  name: string;
  /** Without a slash at its end. */
  base_url: string;
  /** Null: none, or where the wire needs no key the credentials of the function's role. */
  api_key: string | null;
  /** Null for wires without regions. */
  region: string | null;
};

/** An answer that is not one of success. */
export type Refusal = { status: number; message: string };

/**
 * What is special about a wire, the protocol that a provider speaks. Every function has this part, so it imports no SDK:
 * that is done by `open`, which stands beside it in the wire's file.
 */
export type Wire = {
  /** A request that spends no tokens and, where the wire needs a key, shows whether the key is good. */
  probe: {
    /** Appended to the base URL. */
    path: string;
    headers: (key: string) => Record<string, string>;
    /** HTTP statuses of the probe that say that the key is refused. */
    keyRefused: readonly number[];
  };
  /** Whether a failed call of a model says that the key is refused, so that no other call fares better. */
  isKeyRefused: (refusal: Refusal) => boolean;
  /** Its servers may not bind an answer to the schema they are sent: the prompt has the schema, too. */
  schemaInPrompt: boolean;
  /** `providerOptions` of each call. */
  options: NonNullable<Parameters<typeof streamText>[0]["providerOptions"]>;
  /** False: the credentials of the function's role do. Such a provider is configured when a setting names it. */
  needsKey: boolean;
  /** The base URL in a region; null for wires without regions. */
  regionUrl: ((region: string) => string) | null;
};

/**
 * Opens the models of a provider. Loads the wire's SDK when it is called, so that only who asks models pays for it.
 *
 * @param fetch what the requests go through
 */
export type OpenModels = (
  endpoint: Endpoint,
  fetch: typeof globalThis.fetch,
) => Promise<(model: string) => LanguageModel>;

/** What the SDK's factories have in common. */
export const sdkSettings = (
  { name, base_url, api_key }: Endpoint,
  fetch: typeof globalThis.fetch,
) => ({
  name,
  baseURL: base_url,
  apiKey: api_key ?? "",
  fetch,
});

/** The key as `Authorization: Bearer`. */
export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** A 403 may be about one model only, and says nothing of the key. */
export const isUnauthorized = ({ status }: Refusal): boolean => status === 401;

/** Google, also where it speaks as OpenAI does, refuses a wrong key with 400. */
export const isUnauthorizedOrBadKey = ({ status, message }: Refusal): boolean =>
  status === 401 || (status === 400 && /^api key/i.test(message));
