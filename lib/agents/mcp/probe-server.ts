import type { McpEndpoint } from "./exchange.ts";
import { listTools } from "./list-tools.ts";
import { McpFailure } from "./mcp-failure.ts";
import { openSession } from "./session.ts";

/** What a server that was asked for its tools did. `words` follow its name, and quote nothing from it. */
export type McpProbe =
  | { tools: number; notes: string[] }
  | { kind: string; words: string; said: string };

const closeMs = 200;

/** Asks a server for its tools, and calls none. @throws what is no failure of the server */
export const probeMcpServer = async (
  endpoint: McpEndpoint,
  signal: AbortSignal,
): Promise<McpProbe> => {
  try {
    const session = await openSession(endpoint, signal);
    const { tools, notes } = await listTools(session, signal);
    await session
      .close(AbortSignal.any([signal, AbortSignal.timeout(closeMs)]))
      .catch(() => undefined);
    return { tools: tools.length, notes };
  } catch (error) {
    if (!(error instanceof McpFailure)) throw error;
    const { kind, message: words, said } = error;
    return { kind, words, said };
  }
};
