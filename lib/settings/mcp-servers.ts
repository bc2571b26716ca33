import * as z from "zod";

const Printable = z.string().regex(/^[\x20-\x7e]*$/, "Must be printable ASCII");

/** fetch accepts no credentials in an address, and its error would show them. */
const hasNoCredentials = (url: string): boolean => {
  const { username, password } = new URL(url);
  return username === "" && password === "";
};

/** A server of tools: Model Context Protocol over streamable HTTP. */
export const McpServer = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .refine(hasNoCredentials, "Must be an address without credentials: put them into headers"),
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

/** Lists what may be secret in a server's settings, by name: headers, what stands after `Bearer`, and the address's query. */
const fieldsOf = ({ url, headers }: McpServer): [name: string, value: string][] => [
  ...Object.entries(headers).flatMap(([name, value]): [string, string][] => [
    [name, value],
    [name, value.slice(value.indexOf(" ") + 1)],
  ]),
  ...[...new URL(url).searchParams].flatMap(([name, value]): [string, string][] => [
    [name, value],
    [name, encodeURIComponent(value)],
  ]),
];

/** The longest come first: one may hold another. */
const replaceAll = (text: string, secrets: readonly string[]): string =>
  secrets
    .filter((secret) => secret.length >= 4)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, "…"), text);

/** Replaces the values of a server's headers and query in a text for people: a server may repeat them. */
export const withoutSecrets = (text: string, server: McpServer): string =>
  replaceAll(
    text,
    fieldsOf(server).map(([, value]) => value),
  );

const secretName = /auth|key|token|secret|cookie|pass|credential|session|signature/i;
/** Characters of a value that is taken for a secret whatever its name. */
const secretLength = 24;

/** Replaces the keys of a server in a text for a model. Other values, such as a language, may be what the text is about. */
export const withoutKeys = (text: string, server: McpServer): string => {
  const keys = fieldsOf(server).filter(
    ([name, value]) => secretName.test(name) || value.length >= secretLength,
  );
  return replaceAll(
    text,
    keys.map(([, value]) => value),
  );
};
