import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { answerOf } from "./answer.ts";
import { anthropic, anthropicKey } from "./anthropic.ts";
import { bedrock, bedrockKey } from "./bedrock.ts";
import { google, googleKey } from "./google.ts";
import { openai, openaiKey } from "./openai.ts";
import { sendStream, sendWhole } from "./send.ts";
import { demandTools } from "./tool-rules.ts";
import {
  BadRequest,
  type Failure,
  type Incoming,
  type Json,
  type ModelCall,
  type Question,
  type Reply,
  type Script,
  type Vendor,
  type Wire,
} from "./wire.ts";

const vendors: readonly Vendor[] = [openai, anthropic, google, bedrock];

/** The environment variables that make the stack ask the server at `url`. All keys are fakes. */
const envOf = (url: string) => ({
  OPENAI_API_KEY: openaiKey,
  OPENAI_BASE_URL: `${url}${openai.prefix}`,
  ANTHROPIC_API_KEY: anthropicKey,
  ANTHROPIC_BASE_URL: `${url}${anthropic.prefix}`,
  GOOGLE_GENERATIVE_AI_API_KEY: googleKey,
  GOOGLE_GENERATIVE_AI_BASE_URL: `${url}${google.prefix}`,
  AWS_BEARER_TOKEN_BEDROCK: bedrockKey,
  AWS_ENDPOINT_URL_BEDROCK_RUNTIME: `${url}${bedrock.prefix}`,
  AWS_REGION: "us-east-1",
});

type Probe = { provider: string; path: string };

type Books = {
  script: Script;
  calls: ModelCall[];
  probes: Probe[];
  refusals: Failure[];
  /** The responses whose connection is destroyed from this side. */
  cut: WeakSet<ServerResponse>;
  closing: boolean;
};

type Exchange = {
  vendor: Vendor;
  path: string;
  request: IncomingMessage;
  response: ServerResponse;
};

const sendError = ({ vendor, response }: Exchange, failure: Failure, extra?: Reply["headers"]) => {
  const { headers, body } = vendor.error(failure);
  response.writeHead(failure.status, { "content-type": "application/json", ...headers, ...extra });
  response.end(JSON.stringify(body));
};

const bodyOf = async (request: IncomingMessage): Promise<Json> => {
  const text = Buffer.concat(await request.toArray()).toString();
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new BadRequest("We could not parse the JSON body of your request.");
  }
};

/** True when the client went away before it had the whole answer. */
const hangUp = (response: ServerResponse, isOurs: () => boolean) =>
  new Promise<boolean>((resolve) => {
    response.once("close", () => resolve(!response.writableFinished && !isOurs()));
  });

const callOf = (exchange: Exchange, books: Books, wire: Wire, incoming: Incoming): ModelCall => {
  const { response } = exchange;
  const question: Question = wire.read(incoming);
  demandTools(question);
  const said = question.messages.flatMap(({ text, tool_results }) => [
    text,
    ...tool_results.map(({ output }) => output),
  ]);
  return {
    provider: wire.provider,
    ...question,
    prompt: [question.system, ...said].filter(Boolean).join("\n"),
    headers: incoming.headers,
    raw: incoming.body,
    aborted: hangUp(response, () => books.closing || books.cut.has(response)),
  };
};

const failureOf = ({ status, error }: Reply, stream: boolean): Failure | null => {
  const isInStream = stream && status === undefined;
  if (isInStream || !(error || (status && status >= 400))) return null;
  return {
    status: status ?? 500,
    message: error?.message ?? `The provider answers ${status ?? 500}.`,
    type: error?.type,
  };
};

type Turn = { exchange: Exchange; books: Books; wire: Wire; call: ModelCall; index: number };

const give = async ({ exchange, books, wire, call, index }: Turn, reply: Reply): Promise<void> => {
  const { vendor, response } = exchange;
  if (reply.delay_ms) await setTimeout(reply.delay_ms);
  if (reply.hang === true || response.destroyed) return;
  if (reply.reset || reply.truncate === "mid") books.cut.add(response);
  if (reply.reset) {
    response.destroy();
    return;
  }
  if (reply.raw !== undefined) {
    response.writeHead(reply.status ?? 200, {
      "content-type": "application/json",
      ...reply.headers,
    });
    response.end(reply.raw);
    return;
  }
  const failure = failureOf(reply, call.stream);
  if (failure) return sendError(exchange, failure, reply.headers);
  const send = call.stream ? sendStream : sendWhole;
  return send({ vendor, wire, reply, response }, answerOf(reply, call, index));
};

const ask = async (exchange: Exchange, books: Books, wire: Wire, model: string | null) => {
  const { request, path } = exchange;
  const incoming = { model, path, headers: request.headers, body: await bodyOf(request) };
  const call = callOf(exchange, books, wire, incoming);
  const index = books.calls.push(call) - 1;
  return give({ exchange, books, wire, call, index }, await books.script(call, index));
};

const serve = async (exchange: Exchange, books: Books): Promise<void> => {
  const { vendor, path, request, response } = exchange;
  const refusal = vendor.refuse(request.headers);
  if (refusal) return sendRefusal(exchange, books, refusal);
  if (request.method === "GET" && path === "/models" && vendor.models) {
    books.probes.push({ provider: vendor.prefix.split("/")[1] ?? "", path });
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(vendor.models));
    return;
  }
  const wire = vendor.wires.find((one) => request.method === "POST" && one.path.test(path));
  if (!wire) {
    const message = `There is no ${request.method} ${path}.`;
    return sendRefusal(exchange, books, { status: 404, message });
  }
  const model = wire.path.exec(path)?.[1];
  return ask(exchange, books, wire, model ? decodeURIComponent(model) : null);
};

const sendRefusal = (exchange: Exchange, books: Books, failure: Failure) => {
  books.refusals.push(failure);
  sendError(exchange, failure);
};

const handle = async (request: IncomingMessage, response: ServerResponse, books: Books) => {
  const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
  const vendor = vendors.find(({ prefix }) => pathname.startsWith(`${prefix}/`));
  if (!vendor) {
    response.writeHead(404).end();
    return;
  }
  const exchange = { vendor, path: pathname.slice(vendor.prefix.length), request, response };
  try {
    await serve(exchange, books);
  } catch (error) {
    if (response.headersSent || response.destroyed) return;
    const message = error instanceof Error ? error.message : String(error);
    sendRefusal(exchange, books, { status: 400, message });
  }
};

/**
 * The model providers on 127.0.0.1, each with its real paths, checks and formats, answering what
 * `script` says. A script that throws makes a 400 with its message. Close it by `await using`.
 */
export const startProviders = async (script: Script) => {
  const books: Books = {
    script,
    calls: [],
    probes: [],
    refusals: [],
    cut: new WeakSet(),
    closing: false,
  };
  const server = createServer((request, response) => {
    void handle(request, response, books);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    env: envOf(url),
    /** Every request that got as far as the script, in the order they came in. */
    calls: books.calls,
    /** Every GET /models. */
    probes: books.probes,
    /** Every request that was refused: path, key or shape. */
    refusals: books.refusals,
    [Symbol.asyncDispose]: async () => {
      books.closing = true;
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
