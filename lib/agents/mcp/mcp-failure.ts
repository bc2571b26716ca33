import { truncate } from "../../domain/common.ts";

/** Why an MCP server could not be used, in words that follow its name. `lasts`: until somebody changes the settings. */
const kinds = {
  redirect: { words: "answers with a redirect, which is not followed", lasts: true },
  key_refused: { words: "refuses the key", lasts: true },
  forbidden: { words: "forbids the access", lasts: true },
  not_found: { words: "is not at this address", lasts: false },
  rate_limited: { words: "takes no more requests for now", lasts: false },
  unavailable: { words: "is not available for now", lasts: false },
  server_error: { words: "fails", lasts: false },
  bad_request: { words: "refuses the request", lasts: false },
  session_ended: { words: "ended the session", lasts: false },
  timeout: { words: "does not answer in time", lasts: false },
  unknown_host: { words: "has a name that cannot be found (DNS)", lasts: false },
  unreachable: { words: "cannot be reached: no connection", lasts: false },
  connection_lost: { words: "broke the connection off", lasts: false },
  tls: { words: "has no TLS, or no certificate that can be trusted", lasts: true },
  protocol_version: { words: "speaks a protocol version that is not known here", lasts: true },
  web_page: { words: "answers with a web page instead of JSON", lasts: false },
  not_json: { words: "gives an answer that is not JSON", lasts: false },
  empty_answer: { words: "gives an empty answer", lasts: false },
  too_large: { words: "gives an answer that is too large", lasts: false },
  refused: { words: "answers with an error", lasts: false },
} as const;

export type McpFailureKind = keyof typeof kinds;

type Details = {
  status?: number;
  /** The code of a JSON-RPC error. */
  rpcCode?: number | null;
  /** What the server or the network said, for the operator's log. */
  said?: string;
  /** The server did not begin what it was asked for. */
  wasNotDone?: boolean;
  /** The protocol versions that the server says it speaks. */
  versions?: readonly string[];
};

/** Characters of a server's own text that the log gets. */
const maxSaid = 500;

/** A request that an MCP server did not answer as it should. Its message quotes nothing from the server. */
export class McpFailure extends Error {
  override readonly name = "McpFailure";
  readonly kind: McpFailureKind;
  readonly status: number | null;
  readonly rpcCode: number | null;
  readonly said: string;
  readonly wasNotDone: boolean;
  readonly versions: readonly string[];

  constructor(kind: McpFailureKind, details: Details = {}) {
    const { status, rpcCode = null, said = "", wasNotDone = false, versions = [] } = details;
    super(status ? `${kinds[kind].words} (HTTP ${status})` : kinds[kind].words);
    this.kind = kind;
    this.status = status ?? null;
    this.rpcCode = rpcCode;
    this.said = cleaned(said);
    this.wasNotDone = wasNotDone;
    this.versions = versions;
  }
}

/** Makes one printable line of a server's text, 500 characters at most. */
const cleaned = (text: string): string =>
  truncate(text.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " "), maxSaid).trim();

/** Whether the failure lasts until somebody changes the settings or the server. */
export const isLasting = ({ kind }: McpFailure): boolean => kinds[kind].lasts;

const kindsByStatus: Readonly<Record<number, McpFailureKind>> = {
  401: "key_refused",
  403: "forbidden",
  404: "not_found",
  408: "timeout",
  410: "not_found",
  413: "bad_request",
  429: "rate_limited",
  502: "unavailable",
  503: "unavailable",
  504: "timeout",
};

const kindOfStatus = (status: number): McpFailureKind => {
  if (status >= 300 && status < 400) return "redirect";
  return kindsByStatus[status] ?? (status >= 500 ? "server_error" : "bad_request");
};

/** A timeout, or an error of a server or a gateway, says nothing about what was done. */
const mayBeDone = (status: number) => status === 408 || (status >= 500 && status !== 503);

/** Texts by which servers say that they do not know the session. */
const unknownSession =
  /session.{0,40}(not found|unknown|expired|invalid|terminated|ended|closed|required|missing|exist)|(no|invalid|unknown|expired|missing|bad) (valid )?(mcp-)?session|not initialized/i;

/** Judges an HTTP status that is no success. `said` is the body of the response. */
export const failureOfStatus = (status: number, said: string): McpFailure => {
  const isOfSession = [400, 404, 409, 410].includes(status) && unknownSession.test(said);
  const kind = isOfSession ? "session_ended" : kindOfStatus(status);
  return new McpFailure(kind, { status, said, wasNotDone: !mayBeDone(status) });
};

/** Codes of JSON-RPC errors by which a server says that it did not begin: not found, wrong parameters, … */
const notBegun: readonly number[] = [-32_700, -32_600, -32_601, -32_602, -32_020, -32_021, -32_022];

/** Codes that servers also give for an unknown session. */
const codesOfSession: readonly (number | null)[] = [-32_001, -32_600];

/** What the SDKs say, under a code for anything, when they do not know the session. */
const notInitialized = /not initialized|mcp-session-id|no valid session/i;

/** @see https://modelcontextprotocol.io/specification/2026-07-28 */
const unsupportedVersion = -32_022;

const versionsIn = (data: unknown): string[] =>
  [Object(data).supported].flat().filter((version) => typeof version === "string");

/** Judges a JSON-RPC error. `status` is that of the HTTP response. */
export const failureOfRpcError = (error: unknown, status: number): McpFailure => {
  const { code, message, data } = Object(error) as { [key: string]: unknown };
  const rpcCode = typeof code === "number" ? code : null;
  const said = typeof message === "string" ? message : (JSON.stringify(error) ?? "");
  const details = { rpcCode, said, versions: versionsIn(data) };
  if (rpcCode === unsupportedVersion) {
    return new McpFailure("protocol_version", { ...details, wasNotDone: true });
  }
  if (status >= 300) {
    const { kind, wasNotDone } = failureOfStatus(status, said);
    return new McpFailure(kind, { ...details, status, wasNotDone });
  }
  const isOfSession =
    (codesOfSession.includes(rpcCode) && unknownSession.test(said)) ||
    (rpcCode === -32_000 && notInitialized.test(said));
  if (isOfSession) return new McpFailure("session_ended", { ...details, wasNotDone: true });
  const wasNotDone = rpcCode !== null && notBegun.includes(rpcCode);
  return new McpFailure("refused", { ...details, wasNotDone });
};

const kindsByCode: readonly (readonly [RegExp, McpFailureKind])[] = [
  [/^(ENOTFOUND|EAI_\w+)$/, "unknown_host"],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES|bad port)$/, "unreachable"],
  [/^(ETIMEDOUT|UND_ERR_\w*TIMEOUT)$/, "timeout"],
  [/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|EPROTO/, "tls"],
  [/^HPE_/, "not_json"],
];

/** Failures of the network after which nothing has reached the server. */
const notSent: readonly McpFailureKind[] = ["unknown_host", "unreachable", "tls"];

/** Judges an error of `fetch`, or of reading its body. */
export const failureOfNetwork = (error: unknown): McpFailure => {
  const cause = error instanceof TypeError && error.cause ? error.cause : error;
  const { code, name, message } = Object(cause) as Record<string, unknown>;
  const said = [code, message].filter((text) => text && typeof text === "string").join(" ");
  if (name === "TimeoutError" || name === "AbortError") return new McpFailure("timeout", { said });
  const found = kindsByCode.find(([pattern]) => pattern.test(String(code ?? message)));
  const kind = found?.[1] ?? "connection_lost";
  return new McpFailure(kind, { said, wasNotDone: notSent.includes(kind) });
};
