import type { CallOutcome } from "../../domain/budget/breaker.ts";
import { truncate } from "../../domain/common.ts";
import { type McpServer, withoutSecrets } from "../../settings/mcp-servers.ts";
import type { McpFailure } from "../mcp/mcp-failure.ts";

/** Gives what a server said, without the secrets of its headers: a server may repeat them. */
export const saidBy = ({ kind, said }: McpFailure, server: McpServer): string => {
  if (kind === "web_page") return "";
  return withoutSecrets(said, server);
};

/** Says how a server was used, as a circuit breaker records it; null stands for a success. */
export const reportOf = (failure: McpFailure | null, server: McpServer): CallOutcome =>
  failure
    ? {
        ok: false,
        fault: "provider",
        code: failure.kind,
        said: saidBy(failure, server),
        opens: false,
        retry_after_ms: 0,
      }
    : { ok: true, latency_ms: 0 };

/** Notes that a person reads of one server, and characters of them. */
const maxNotes = 10;
const maxCharacters = 1_000;

/** Says in one message what was wrong with a server's list of tools. */
export const summaryOf = (name: string, notes: readonly string[]): string => {
  const more = notes.length - maxNotes;
  const shown = notes.slice(0, maxNotes).join("; ");
  const rest = more > 0 ? `; and ${more} more` : "";
  return truncate(`The MCP server ${name}: ${shown}${rest}`, maxCharacters);
};
