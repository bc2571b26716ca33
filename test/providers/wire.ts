import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";

export type Json = Record<string, unknown>;

export type Provider = "openai" | "openai-chat" | "anthropic" | "google" | "bedrock";

type ToolCall = { id: string; name: string; input: unknown };

export type Message = {
  role: "user" | "assistant" | "tool";
  text: string;
  tool_calls: ToolCall[];
  tool_results: { id: string; output: string }[];
};

/** What a wire reads out of a request, in words common to all of them. */
export type Question = {
  model: string;
  system: string;
  messages: Message[];
  /** Without the tool that only carries a structured answer. */
  tools: { name: string; schema: Json }[];
  /** The JSON schema of the structured answer that is asked for. */
  schema: Json | null;
  /** The forced tool that carries the structured answer, where the wire does it in this way. */
  json_tool: string | null;
  max_output_tokens: number | null;
  temperature: number | null;
  stream: boolean;
};

export type ModelCall = Question & {
  provider: Provider;
  /** The system text and the text of all messages. */
  prompt: string;
  headers: IncomingHttpHeaders;
  raw: Json;
  /** Resolves when the connection is over: true when the client hung up before it had its answer. */
  aborted: Promise<boolean>;
};

type Finish = "stop" | "length" | "tool_calls" | "content_filter";

/** `input_tokens` has the cached ones in it, `output_tokens` those of the reasoning. */
type Usage = {
  input_tokens: number;
  output_tokens: number;
  cached_input_tokens?: number;
  reasoning_tokens?: number;
};

export type Reply = {
  text?: string;
  /** Sent as JSON text, or as the input of the tool that carries the structured answer. */
  json?: unknown;
  tool_calls?: { name: string; input: unknown; id?: string }[];
  usage?: Usage;
  finish?: Finish;
  /** 400 and above: the provider's own error body. */
  status?: number;
  /** Without a `status`, a stream breaks off with this error after its text. */
  error?: { type?: string; message?: string };
  headers?: Record<string, string>;
  /** The body as it is, in place of all that the provider would say; `status` is 200 without one. */
  raw?: string;
  /** Before the first byte. */
  delay_ms?: number;
  /** Between two frames of a stream. */
  chunk_ms?: number;
  /** How many pieces the text is cut into (default 3). */
  chunks?: number;
  /** Nothing comes until the client hangs up; "mid": nothing after the first half. */
  hang?: true | "mid";
  /** "mid": the connection is destroyed half-way; "no_end": the answer ends cleanly, but too early. */
  truncate?: "mid" | "no_end";
  /** A whole answer is no JSON; in a stream one frame in the middle is broken. */
  malformed?: true;
  /** The connection is destroyed before the first byte. */
  reset?: true;
};

export type Script = (call: ModelCall, index: number) => Reply | Promise<Reply>;

/** `json` and its `pieces` are the input as it is streamed: cut off, it is not always JSON. */
export type SentCall = ToolCall & { json: string; pieces: string[] };

/** A reply with everything in it that a wire has to say. */
export type Answer = {
  id: string;
  model: string;
  text: string;
  pieces: string[];
  tool_calls: SentCall[];
  usage: Required<Usage>;
  finish: Finish;
};

export type Failure = { status: number; message: string; type?: string | undefined };

export type Frame = string | Uint8Array;

/** `end` is what only a finished answer has: the finish reason, the usage. */
export type Frames = { body: Frame[]; end: Frame[] };

export type Incoming = {
  model: string | null;
  path: string;
  headers: IncomingHttpHeaders;
  body: Json;
};

export type Wire = {
  provider: Provider;
  /** The path below the vendor's prefix; a first group is the model. */
  path: RegExp;
  /** Throws a BadRequest for what the provider refuses. */
  read: (request: Incoming) => Question;
  whole: (answer: Answer) => Json;
  frames: (answer: Answer) => Frames;
  /** An error in the middle of a stream. */
  failed: (failure: Failure) => Frame;
};

export type Vendor = {
  prefix: string;
  wires: readonly Wire[];
  stream_type: string;
  /** What GET /models answers, where there is such a thing. */
  models: Json | null;
  /** Why a request with these headers is not let in, or null. */
  refuse: (headers: IncomingHttpHeaders) => Failure | null;
  error: (failure: Failure) => { headers?: Record<string, string>; body: Json };
  /** A frame that no client can read. */
  broken: Frame;
};

/** The provider answers 400 with this message. */
export class BadRequest extends Error {
  override name = "BadRequest";
}

/** The body as `schema` has it; a BadRequest names the first field that is wrong. */
export const parseBody = <T>(schema: z.ZodType<T>, body: unknown): T => {
  const { data, error } = schema.safeParse(body);
  if (!error) return data;
  const [issue] = error.issues;
  throw new BadRequest(`${issue?.path.join(".") || "body"}: ${issue?.message}`);
};

export const demand = (holds: boolean, message: string) => {
  if (!holds) throw new BadRequest(message);
};

const Part = z.looseObject({ text: z.string().nullish() });
/** Text as a string or in parts, as most wires allow it. */
export const Content = z.union([z.string(), z.array(Part)]).nullish();

export const textOf = (content: z.infer<typeof Content>): string =>
  typeof content === "string"
    ? content
    : (content ?? []).flatMap(({ text }) => text ?? []).join("\n");

export const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
};

export const sse = (data: unknown, event?: string): string =>
  `${event ? `event: ${event}\n` : ""}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;

/** One server-sent event with half a JSON document in it. */
export const brokenEvent = sse('{"id":"broken","choices":[{"del');
