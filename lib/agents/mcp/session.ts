import { isObject } from "../../domain/json.ts";
import { endSession, exchange, type McpEndpoint } from "./exchange.ts";
import { failureOfRpcError, McpFailure } from "./mcp-failure.ts";
import type { RpcRequest } from "./rpc.ts";

/** Versions with a handshake (`initialize`), the newest first. */
const handshakeVersions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"] as const;
const [newestHandshake] = handshakeVersions;
/**
 * The version without sessions: every request says which version it speaks.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28
 */
const statelessVersion = "2026-07-28";

const clientInfo = { name: "botarmy", version: "1" };

/** What was agreed with a server. */
type Agreement = { version: string; sessionId: string | null };

type Params = { [key: string]: unknown };

/** One request. `isRepeatable`: a second one does no harm, so it is sent again when its connection breaks off. */
type McpRequest = {
  method: string;
  params: Params;
  headers?: Record<string, string>;
  isRepeatable: boolean;
  signal: AbortSignal;
};

/** A server that is ready to be asked. */
export type McpSession = {
  /**
   * Sends a request and gives its result. A session that has ended is begun anew, and the request sent again, once.
   *
   * @throws McpFailure
   */
  request: (request: McpRequest) => Promise<unknown>;
  /** Whether the server speaks the version without sessions, which wants some parameters in headers too. */
  isStateless: () => boolean;
  close: (signal: AbortSignal) => Promise<void>;
};

const isStateless = ({ version }: Agreement) => version === statelessVersion;

const statelessMeta = {
  "io.modelcontextprotocol/protocolVersion": statelessVersion,
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": clientInfo,
};

const paramsFor = (agreed: Agreement, params: Params): Params =>
  isStateless(agreed) ? { ...params, _meta: statelessMeta } : params;

/** Writes a header's value: as it is when HTTP allows it, otherwise in Base64. */
export const headerValue = (value: string): string => {
  const isPlain =
    /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value) && !value.startsWith("=?base64?");
  return isPlain ? value : `=?base64?${Buffer.from(value).toString("base64")}?=`;
};

const headersFor = (agreed: Agreement, method: string, { name }: Params) => ({
  "mcp-protocol-version": agreed.version,
  ...(agreed.sessionId !== null && { "mcp-session-id": agreed.sessionId }),
  ...(isStateless(agreed) && { "mcp-method": method }),
  ...(isStateless(agreed) && typeof name === "string" && { "mcp-name": headerValue(name) }),
});

type Connection = { endpoint: McpEndpoint; nextId: () => number };

/** Says of a 404 within a session that the session has ended: the address was right when it began. */
const inSession = (error: unknown, agreed: Agreement | null): unknown => {
  if (!(error instanceof McpFailure) || error.kind !== "not_found" || !agreed?.sessionId)
    return error;
  const { status, rpcCode, said, wasNotDone } = error;
  return new McpFailure("session_ended", { status: status ?? 404, rpcCode, said, wasNotDone });
};

const ask = async (
  { endpoint, nextId }: Connection,
  agreed: Agreement | null,
  { method, params, headers, signal }: Omit<McpRequest, "isRepeatable">,
) => {
  const message: RpcRequest = {
    jsonrpc: "2.0",
    id: nextId(),
    method,
    params: agreed ? paramsFor(agreed, params) : params,
  };
  const known = agreed ? headersFor(agreed, method, params) : {};
  const options = { headers: { ...known, ...headers }, signal };
  const { answer, status, sessionId } = await exchange(endpoint, message, options).catch(
    (error: unknown) => {
      throw inSession(error, agreed);
    },
  );
  const error = answer?.error;
  if (error !== undefined && error !== null) throw failureOfRpcError(error, status);
  return { result: answer?.result, sessionId };
};

const unknownVersion = (version: unknown) =>
  new McpFailure("protocol_version", { said: `It speaks ${JSON.stringify(version)}.` });

/** Milliseconds for a notification: some servers never end their answer to one. */
const notificationMs = 2_000;

/** Tells the server that the handshake is over. A server that does not take it is asked all the same. */
const confirm = async ({ endpoint }: Connection, agreed: Agreement, signal: AbortSignal) => {
  const headers = headersFor(agreed, "notifications/initialized", {});
  const initialized = { jsonrpc: "2.0", method: "notifications/initialized" } as const;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(notificationMs)]);
  await exchange(endpoint, initialized, { headers, signal: limited }).catch(() => undefined);
};

/** Sends `initialize`. A server that names no version is taken to speak the one it was asked for. */
const initialize = async (
  connection: Connection,
  version: string,
  signal: AbortSignal,
): Promise<Agreement> => {
  const params = { protocolVersion: version, capabilities: {}, clientInfo };
  const { result, sessionId } = await ask(connection, null, {
    method: "initialize",
    params,
    signal,
  });
  if (!isObject(result)) throw new McpFailure("empty_answer");
  const spoken = result.protocolVersion ?? version;
  const known = [statelessVersion, ...handshakeVersions].find((one) => one === spoken);
  if (!known) throw unknownVersion(spoken);
  const agreed = { version: known, sessionId };
  if (!isStateless(agreed)) await confirm(connection, agreed, signal);
  return agreed;
};

/** Sends `server/discover`, by which the version without sessions begins. */
const discover = async (connection: Connection, signal: AbortSignal): Promise<Agreement> => {
  const agreed = { version: statelessVersion, sessionId: null };
  const question = { method: "server/discover", params: {}, signal };
  const { result } = await ask(connection, agreed, question);
  if (!isObject(result)) throw new McpFailure("empty_answer");
  const versions = result.supportedVersions;
  if (Array.isArray(versions) && !versions.includes(statelessVersion))
    throw unknownVersion(versions);
  return agreed;
};

/** Failures of `initialize` of a server that may speak only the version without a handshake. */
const mayBeStateless = ({ kind }: McpFailure): boolean =>
  ["refused", "bad_request", "not_found", "empty_answer", "protocol_version"].includes(kind);

/**
 * Agrees on a version. `initialize` comes first: almost every server knows it, and a server in between that answers
 * `server/discover` with silence cannot hold this up.
 */
const agree = async (connection: Connection, signal: AbortSignal): Promise<Agreement> => {
  try {
    return await initialize(connection, newestHandshake, signal);
  } catch (error) {
    if (!(error instanceof McpFailure) || !mayBeStateless(error)) throw error;
    const older = handshakeVersions.find((version) => error.versions.includes(version));
    if (older) return initialize(connection, older, signal);
    return discover(connection, signal).catch(() => {
      throw error;
    });
  }
};

/** Whether to begin the session anew, and send the request again. A 404 says that it was not done. */
const endsSession = ({ kind, status }: McpFailure) => kind === "session_ended" || status === 404;

const again = async <T>(run: () => Promise<T>): Promise<T> => {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof McpFailure) || error.kind !== "connection_lost") throw error;
    return run();
  }
};

/**
 * Connects to a server.
 *
 * @throws McpFailure
 */
export const openSession = async (
  endpoint: McpEndpoint,
  signal: AbortSignal,
): Promise<McpSession> => {
  let lastId = 0;
  const nextId = () => {
    lastId += 1;
    return lastId;
  };
  const connection = { endpoint, nextId };
  let agreed = await again(() => agree(connection, signal));
  const send = async (request: McpRequest): Promise<unknown> => {
    const once = async () => (await ask(connection, agreed, request)).result;
    return request.isRepeatable ? again(once) : once();
  };
  return {
    isStateless: () => isStateless(agreed),
    request: async (request) => {
      const used = agreed;
      try {
        return await send(request);
      } catch (error) {
        if (!(error instanceof McpFailure) || !endsSession(error)) throw error;
        if (used === agreed) agreed = await agree(connection, request.signal);
        return send(request);
      }
    },
    close: async (closing) => {
      const { sessionId } = agreed;
      if (sessionId === null) return;
      const headers = { ...endpoint.headers, ...headersFor(agreed, "", {}) };
      await endSession({ ...endpoint, headers }, closing);
    },
  };
};
