import { retryAfterMs } from "../../domain/retry-after.ts";
import { failureOfNetwork, failureOfStatus, McpFailure } from "./mcp-failure.ts";
import { piecesOf, textOfBody } from "./read-body.ts";
import { eventsOf, type ServerEvent } from "./read-events.ts";
import {
  answerIn,
  answerToServer,
  isAnswer,
  isAnswerTo,
  isRequest,
  messagesIn,
  type RpcMessage,
  type RpcRequest,
  unreadable,
} from "./rpc.ts";

/** Where a server is, and the headers of every request to it. */
export type McpEndpoint = { url: string; headers: Readonly<Record<string, string>> };

/** The answer to a request; null to a notification. `sessionId` is a new session, which the server began with it. */
export type McpExchange = { answer: RpcMessage | null; status: number; sessionId: string | null };

const accept = "application/json, text/event-stream";

const send = async (
  { url, headers }: McpEndpoint,
  init: { method: string; body?: string; headers?: Record<string, string>; signal: AbortSignal },
): Promise<Response> => {
  try {
    return await fetch(url, {
      ...init,
      redirect: "manual",
      headers: { accept, ...headers, ...init.headers },
    });
  } catch (error) {
    throw failureOfNetwork(error);
  }
};

/** Sends a message that nobody waits for. What becomes of it changes nothing. */
const sendAside = (endpoint: McpEndpoint, message: RpcMessage, signal: AbortSignal): void => {
  const headers = { "content-type": "application/json" };
  void send(endpoint, { method: "POST", body: JSON.stringify(message), headers, signal })
    .then((response) => response.body?.cancel())
    .catch(() => undefined);
};

/** Pauses before a stream that was closed is opened again, when its server names none; and the longest one. */
const defaultRetryMs = 250;
const maxRetryMs = 5_000;
/** How often a stream is opened again for one answer. */
const maxResumes = 20;

type Resume = { id: string; retryMs: number } | null;

const later = (before: Resume, { id, retryMs }: ServerEvent): Resume => {
  const known = id ?? before?.id;
  return known
    ? { id: known, retryMs: Math.min(maxRetryMs, retryMs ?? before?.retryMs ?? defaultRetryMs) }
    : null;
};

type Waiting = { endpoint: McpEndpoint; id: number; signal: AbortSignal };

/** Requests of a server that are answered in one stream. */
const maxAsked = 50;

/** What came in a stream beside the answer. */
type Aside = { others: RpcMessage[]; asked: number };

/** Keeps an answer under another id, and answers a request of the server. */
const takeAside = ({ endpoint, signal }: Waiting, aside: Aside, message: RpcMessage): void => {
  if (isAnswer(message)) aside.others.push(message);
  else if (isRequest(message) && aside.asked < maxAsked) {
    aside.asked += 1;
    sendAside(endpoint, answerToServer(message), signal);
  }
};

/**
 * Reads a stream to the answer, and answers what the server asks in it. Gives where to go on when it ends before. A single answer
 * under another id is taken at the end: the stream belongs to this request.
 */
const answerInStream = async (
  waiting: Waiting,
  body: Response["body"],
): Promise<{ answer: RpcMessage } | { resume: Resume }> => {
  let resume: Resume = null;
  const aside: Aside = { others: [], asked: 0 };
  for await (const event of eventsOf(piecesOf(body))) {
    resume = later(resume, event);
    for (const message of messagesIn(event.data)) {
      if (isAnswerTo(message, waiting.id)) return { answer: message };
      takeAside(waiting, aside, message);
    }
  }
  const [answer] = aside.others.length === 1 ? aside.others : [];
  return answer ? { answer } : { resume };
};

const wait = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(failureOfNetwork(signal.reason));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });

/**
 * Waits for the answer in an event stream. A stream whose events have ids may end before it: it is opened again.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#resumability-and-redelivery
 */
const answerFromStreams = async (waiting: Waiting, first: Response): Promise<RpcMessage> => {
  let response = first;
  for (let resumes = 0; resumes < maxResumes; resumes += 1) {
    const found = await answerInStream(waiting, response.body);
    if ("answer" in found) return found.answer;
    if (!found.resume) break;
    await wait(found.resume.retryMs, waiting.signal);
    const headers = { accept: "text/event-stream", "last-event-id": found.resume.id };
    response = await send(waiting.endpoint, { method: "GET", headers, signal: waiting.signal });
    if (!response.ok) break;
  }
  throw new McpFailure("connection_lost", { said: "The event stream ended before the answer." });
};

/** Milliseconds that a busy server is waited for, at most. */
const maxPatienceMs = 10_000;

const isBusy = ({ status }: Response): boolean => status === 429 || status === 503;

/** Sends a message again, once, after the time that a busy server names: it was not begun. */
const sendPatiently = async (
  endpoint: McpEndpoint,
  init: Parameters<typeof send>[1],
): Promise<Response> => {
  const response = await send(endpoint, init);
  const after = retryAfterMs(response.headers.get("retry-after") ?? "", Date.now());
  if (!isBusy(response) || after === null || after > maxPatienceMs) return response;
  const text = await textOfBody(response.body);
  await wait(after, init.signal).catch(() => {
    throw failureOfStatus(response.status, text);
  });
  return send(endpoint, init);
};

const isStream = (response: Response): boolean =>
  /^text\/event-stream/i.test(response.headers.get("content-type") ?? "");

/** A stream that is sent under another content type begins like this. */
const looksLikeEvents = /^\uFEFF?(?::|event:|data:|id:|retry:)/;

async function* only(text: string) {
  yield text;
}

const answerInText = async (text: string, id: number): Promise<RpcMessage> => {
  if (!looksLikeEvents.test(text)) return answerIn(text, id);
  for await (const { data } of eventsOf(only(text))) {
    const found = messagesIn(data).find((message) => isAnswerTo(message, id));
    if (found) return found;
  }
  throw unreadable(text);
};

/** A failure's body that is a JSON-RPC error is an answer. */
const errorIn = (text: string, id: number): RpcMessage | undefined =>
  messagesIn(text).find((message) => isAnswerTo(message, id) && message.error);

const answerOf = async (waiting: Waiting, response: Response): Promise<RpcMessage> => {
  if (response.ok && isStream(response)) return answerFromStreams(waiting, response);
  const text = await textOfBody(response.body);
  if (response.ok) return answerInText(text, waiting.id);
  const error = errorIn(text, waiting.id);
  if (error) return error;
  throw failureOfStatus(response.status, text);
};

/**
 * Posts one JSON-RPC message over Streamable HTTP, and gives the answer. A server that is busy and says for how long, up to 10 s,
 * is asked once more.
 *
 * @throws McpFailure when there is no answer that can be read; the signal's reason is then its kind `timeout`
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http
 */
export const exchange = async (
  { url, headers: ofServer }: McpEndpoint,
  request: RpcRequest,
  options: { headers?: Record<string, string>; signal: AbortSignal },
): Promise<McpExchange> => {
  const { signal } = options;
  const endpoint = { url, headers: { ...ofServer, ...options.headers } };
  const headers = { "content-type": "application/json" };
  const post = { method: "POST", body: JSON.stringify(request), headers, signal };
  const response = await sendPatiently(endpoint, post);
  const { status } = response;
  const sessionId = response.headers.get("mcp-session-id");
  if (request.id !== undefined) {
    const answer = await answerOf({ endpoint, id: request.id, signal }, response);
    return { answer, status, sessionId };
  }
  await response.body?.cancel();
  if (!response.ok) throw failureOfStatus(status, "");
  return { answer: null, status, sessionId };
};

/** Ends a session. A server that does not know how is left alone. */
export const endSession = async (endpoint: McpEndpoint, signal: AbortSignal): Promise<void> => {
  const response = await send(endpoint, { method: "DELETE", signal });
  await response.body?.cancel();
};
