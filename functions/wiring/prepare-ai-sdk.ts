import { deleteEmptyVariables } from "../../lib/settings/config.ts";

/** Prepares the process for the AI SDK, before it is loaded: deletes empty variables, and turns the hints in the log off. */
export const prepareAiSdk = (): void => {
  deleteEmptyVariables();
  globalThis.AI_SDK_LOG_WARNINGS = false;
};
