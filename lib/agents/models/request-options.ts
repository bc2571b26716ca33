import type { ProviderOptions, ReasoningEffort } from "../../catalog/provider-options.ts";
import type { ModelRef } from "../../settings/providers.ts";
import type { Wire } from "../providers/wire.ts";
import { wires } from "../providers/wires.ts";

/** What the file of an agent or a step says about its requests. */
export type OwnOptions = {
  reasoningEffort?: ReasoningEffort | undefined;
  providerOptions?: ProviderOptions | undefined;
};

/** Gives the SDK the effort, and the options of the wire with those of the file, under the name by which it reads them. */
export const optionsOf = (
  { provider }: ModelRef,
  { reasoningEffort, providerOptions }: OwnOptions,
) => {
  const { options, family } = wires[provider.api];
  const own = providerOptions?.[family];
  const name = family === "bedrock" ? "amazonBedrock" : family;
  const all = own ? { ...options, [name]: { ...options[name], ...own } } : options;
  return {
    ...(reasoningEffort && { reasoning: reasoningEffort }),
    providerOptions: all as Wire["options"],
  };
};
