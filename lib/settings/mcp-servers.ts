import * as z from "zod";

const Printable = z.string().regex(/^[\x20-\x7e]*$/, "Must be printable ASCII");

/** A server of tools: Model Context Protocol over streamable HTTP. */
export const McpServer = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(z.string().regex(/^[\w-]+$/, "Must be a header's name"), Printable).default({}),
  /** Whether a person approves each use. `writes`: only of tools that the server does not mark as read-only. */
  approval: z.enum(["writes", "always", "never"]).default("writes"),
  timeout_seconds: z.number().positive().max(300).default(30),
});
export type McpServer = z.infer<typeof McpServer>;

/** MCP servers, by the names that agent files use. */
export const McpServers = z.record(
  z.string().regex(/^[\w.-]{1,40}$/, "Must be letters, digits, _ . or -"),
  McpServer,
);

/** Lists the secrets in a server's headers: each value, and what stands after `Bearer`. */
const secretsOf = ({ headers }: McpServer): string[] =>
  Object.values(headers)
    .flatMap((value) => [value, value.slice(value.indexOf(" ") + 1)])
    .filter((secret) => secret.length >= 4);

/** Replaces the secrets of a server's headers in a text: a server may repeat them. */
export const withoutSecrets = (text: string, server: McpServer): string =>
  secretsOf(server).reduce((rest, secret) => rest.replaceAll(secret, "…"), text);
