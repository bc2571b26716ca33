import * as z from "zod";
import { wires } from "../agents/providers/wires.ts";
import { regionUrl } from "./built-in-providers.ts";
import { CapabilitySetting } from "./capabilities.ts";
import { ApiKey, BaseUrl, ModelId, Region } from "./provider-fields.ts";
import { offline, type Provider, ProviderApi, providerName } from "./providers.ts";

const Entry = z.strictObject({
  api: ProviderApi.optional(),
  base_url: BaseUrl.optional(),
  api_key: z.union([z.literal("").transform(() => null), ApiKey]).nullish(),
  region: Region.optional(),
  model: ModelId.optional(),
  capabilities: CapabilitySetting.exactOptional(),
  models: z
    .record(ModelId, z.strictObject({ capabilities: CapabilitySetting.exactOptional() }))
    .exactOptional(),
});
type Entry = z.output<typeof Entry>;
type Entries = Readonly<Record<string, Entry>>;

/** Reports a mistake in a variable. */
export type Complain = (variable: string, message: string) => void;

const checkNames = (entries: Entries, ctx: z.RefinementCtx) => {
  for (const name of Object.keys(entries)) {
    if (providerName.test(name) && name !== offline) continue;
    const message = `"${name.slice(0, 60)}" cannot be the name of a provider: use at most 40 of a-z, 0-9 and -, and not "offline"`;
    ctx.addIssue({ code: "custom", message });
  }
};

/** Parses JSON. It does not show the message of JSON.parse, which quotes the text: that may be a key. */
const parseJson = (text: string, ctx: z.RefinementCtx): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    ctx.addIssue(
      'Must be JSON like {"groq": {"api": "openai-chat", "base_url": "https://…", "model": "…"}}',
    );
    return z.NEVER;
  }
};

/** MODEL_PROVIDERS: further providers, and changed fields of the built-in ones. */
export const ModelProviders = z
  .string()
  .transform(parseJson)
  .pipe(z.record(z.string(), Entry).superRefine(checkNames));

/** What an entry says about its models. */
const modelFields = ({ capabilities, models }: Entry) => ({
  ...(capabilities && { capabilities }),
  ...(models && { models }),
});

/** Replaces the fields of a built-in provider that an entry sets. */
const override = (provider: Provider, entry: Entry | undefined): Provider => {
  if (!entry) return provider;
  const { api, base_url, region, model } = entry;
  const regionAddress = region ? regionUrl(provider.api, region) : null;
  return {
    name: provider.name,
    api: api ?? provider.api,
    base_url: base_url ?? regionAddress ?? provider.base_url,
    api_key: entry.api_key === undefined ? provider.api_key : entry.api_key,
    region: region ?? provider.region,
    model: model ?? provider.model,
    ...modelFields(entry),
  };
};

type Context = { entries: Entries; region: string | null; complain: Complain };

const readEntry = ({ region, complain }: Context, [name, entry]: [string, Entry]): Provider[] => {
  const { api, model } = entry;
  const providerRegion = api && wires[api].regionUrl ? (entry.region ?? region) : null;
  const base_url = entry.base_url ?? (api ? regionUrl(api, providerRegion) : null);
  if (api && model && base_url) {
    const api_key = entry.api_key ?? null;
    const provider = { name, api, base_url, api_key, region: providerRegion, model };
    return [{ ...provider, ...modelFields(entry) }];
  }
  const missing = Object.entries({ api, base_url, model }).flatMap(([field, value]) =>
    value ? [] : [field],
  );
  complain("MODEL_PROVIDERS", `"${name}" lacks ${missing.join(", ")}`);
  return [];
};

type ProviderSources = { builtIns: readonly Provider[]; named: ReadonlySet<string> };

/**
 * Lists the configured providers: those of MODEL_PROVIDERS, and a built-in one when it has a key, when MODEL_PROVIDERS sets its
 * address (such a server may need no key), or when its wire needs no key and a setting names it.
 */
export const readProviders = (
  context: Context,
  { builtIns, named }: ProviderSources,
): Provider[] => {
  const { entries } = context;
  const isBuiltIn = (name: string) => builtIns.some((provider) => provider.name === name);
  const isConfigured = ({ name, api, api_key }: Provider) =>
    api_key !== null ||
    entries[name]?.base_url !== undefined ||
    (!wires[api].needsKey && (named.has(name) || entries[name] !== undefined));
  return [
    ...builtIns.map((provider) => override(provider, entries[provider.name])).filter(isConfigured),
    ...Object.entries(entries)
      .filter(([name]) => !isBuiltIn(name))
      .flatMap((entry) => readEntry(context, entry)),
  ];
};
