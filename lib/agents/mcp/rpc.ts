import { isObject } from "../../domain/json.ts";
import { cutDeep } from "./cut-deep.ts";
import { McpFailure } from "./mcp-failure.ts";

/** A JSON-RPC message, as servers really write it: every field may be missing or of another type. */
export type RpcMessage = { [key: string]: unknown };

export type RpcRequest = {
  jsonrpc: "2.0";
  id?: number;
  method: string;
  params?: { [key: string]: unknown };
};

const parsed = (text: string): unknown => {
  try {
    return cutDeep(JSON.parse(text));
  } catch {
    return undefined;
  }
};

/** Lists the messages in a text: one, or a batch; none when it is no JSON. */
export const messagesIn = (text: string): RpcMessage[] =>
  [parsed(text)].flat().filter((message) => isObject(message));

/** Whether a message answers a request, whichever. */
export const isAnswer = (message: RpcMessage): boolean => "result" in message || "error" in message;

/** Whether a message is the answer to the request `id`. Some servers give the id as a text, or none with an error. */
export const isAnswerTo = (message: RpcMessage, id: number): boolean => {
  if (!isAnswer(message)) return false;
  const given = message.id;
  return given === null || given === undefined
    ? message.error !== undefined && message.error !== null
    : String(given) === String(id);
};

/** Whether a message is a request of the server, which it wants to be answered. */
export const isRequest = ({ id, method }: RpcMessage): boolean =>
  typeof method === "string" && id !== undefined && id !== null;

/** Answers a request of the server: this client has nothing to offer but `ping`. */
export const answerToServer = ({ id, method }: RpcMessage): RpcMessage => ({
  jsonrpc: "2.0",
  id,
  ...(method === "ping"
    ? { result: {} }
    : { error: { code: -32_601, message: "This client has no such method." } }),
});

const startsAsPage = /^\s*<(!doctype|html|\?xml|head|body|!--)/i;

/** Makes the failure for a body in which there is no answer. */
export const unreadable = (text: string): McpFailure => {
  if (text.trim() === "") return new McpFailure("empty_answer");
  return new McpFailure(startsAsPage.test(text) ? "web_page" : "not_json", { said: text });
};

/** Whether a body is a bare result, which some servers write without the message around it. */
const isResult = (lone: RpcMessage): boolean =>
  Array.isArray(lone.content) || Array.isArray(lone.tools) || isObject(lone.structuredContent);

/**
 * Finds the answer to a request in a body of JSON. A single answer under another id is taken: the body holds no other.
 *
 * @throws McpFailure `empty_answer`, `web_page` or `not_json`
 */
export const answerIn = (text: string, id: number): RpcMessage => {
  const messages = messagesIn(text);
  const answers = messages.filter(isAnswer);
  const found = messages.find((message) => isAnswerTo(message, id));
  const answer = found ?? (answers.length === 1 ? answers[0] : undefined);
  if (answer) return answer;
  const [lone] = messages.length === 1 ? messages.filter((message) => !("method" in message)) : [];
  if (lone && "jsonrpc" in lone) return lone;
  if (lone && isResult(lone)) return { result: lone };
  throw unreadable(text);
};
