import * as z from "zod";

const Printable = z.string().regex(/^[\x20-\x7e]*$/, "Must be printable ASCII");

/** An outside server of tools (Model Context Protocol over streamable HTTP). */
export const McpServer = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(z.string().regex(/^[\w-]+$/, "Must be a header's name"), Printable).default({}),
  /** `writes`: a person approves what the server does not call read-only. */
  approval: z.enum(["writes", "always", "never"]).default("writes"),
  timeout_seconds: z.number().positive().max(300).default(30),
});
export type McpServer = z.infer<typeof McpServer>;

/** By the name that agents' definitions use. */
export const McpServers = z.record(
  z.string().regex(/^[\w.-]{1,40}$/, "Must be letters, digits, _ . or -"),
  McpServer,
);
