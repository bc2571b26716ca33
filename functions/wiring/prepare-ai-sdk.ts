import { deleteEmptyVariables } from "../../lib/settings/config.ts";

/** Sets what the AI SDK takes from the process, before it is loaded: its variables, and that it logs no hints. */
export const prepareAiSdk = (): void => {
  deleteEmptyVariables();
  globalThis.AI_SDK_LOG_WARNINGS = false;
};
