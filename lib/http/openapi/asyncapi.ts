import * as z from "zod";
import {
  ErrorFrame,
  EventsFrame,
  PingMessage,
  PongFrame,
  SubscribedFrame,
  SubscribeMessage,
  TokensFrame,
  UnsubscribedFrame,
  UnsubscribeMessage,
} from "../../contracts/socket-messages.ts";
import { Id } from "../../domain/common.ts";
import { socketExamples } from "./examples.ts";
import { headerParameters } from "./headers.ts";
import { ProblemDocument } from "./problems.ts";
import { describeSchemas, type OpenApiSchema, refTo, sortByName } from "./schemas.ts";

const fromClient = {
  subscribe: {
    schema: SubscribeMessage,
    summary: "Watch a project: first what happened after `after`, then what happens",
    answers: ["subscribed", "events", "error"],
  },
  unsubscribe: {
    schema: UnsubscribeMessage,
    summary: "Watch it no more",
    answers: ["unsubscribed", "error"],
  },
  ping: {
    schema: PingMessage,
    summary: "Ask how far the project is, and for what came after `last`",
    answers: ["pong", "events", "error"],
  },
} as const;

const fromServer = {
  subscribed: { schema: SubscribedFrame, summary: "The project is watched" },
  unsubscribed: { schema: UnsubscribedFrame, summary: "The project is watched no more" },
  events: {
    schema: EventsFrame,
    summary: "What one change did, or a page of the replay; at most 32 KB",
  },
  tokens: { schema: TokensFrame, summary: "What a model is writing just now" },
  pong: { schema: PongFrame, summary: "The seq of the last event" },
  error: {
    schema: ErrorFrame.extend({ problem: ProblemDocument }),
    summary: "A message could not be followed; the connection stays open",
  },
} as const;

const Address = z.object({
  project_id: Id.optional().meta({ description: "Watch this project from the start." }),
  after: z.int().nonnegative().optional().meta({ description: "Replay what came after this seq." }),
});

const schemasOf = (messages: Record<string, { schema: z.ZodType }>) =>
  Object.fromEntries(Object.entries(messages).map(([name, { schema }]) => [name, schema]));

const messagesOf = (
  messages: Record<string, { summary: string }>,
  payloads: Record<string, OpenApiSchema>,
) =>
  Object.fromEntries(
    Object.entries(messages).map(([name, { summary }]) => [
      name,
      {
        name,
        summary,
        contentType: "application/json",
        payload: payloads[name] ?? {},
        examples: [{ payload: socketExamples[name as keyof typeof socketExamples] }],
      },
    ]),
  );

const channel = { $ref: "#/channels/socket" };
const inChannel = (name: string) => ({ $ref: `#/channels/socket/messages/${name}` });

const receiveOperation = ([name, { summary, answers }]: [
  string,
  (typeof fromClient)[keyof typeof fromClient],
]) => [
  name,
  {
    action: "receive",
    channel,
    summary,
    messages: [inChannel(name)],
    reply: { channel, messages: answers.map(inChannel) },
  },
];

const operations = () => ({
  ...Object.fromEntries(Object.entries(fromClient).map(receiveOperation)),
  tell: {
    action: "send",
    channel,
    summary: "What happens in the projects that are watched",
    messages: [inChannel("events"), inChannel("tokens")],
  },
});

const servers = {
  aws: {
    host: "{api_id}.execute-api.{region}.amazonaws.com",
    pathname: "/{stage}",
    protocol: "wss",
    description: "The stack's output WebSocketUrl.",
    variables: {
      api_id: { description: "Of the WebSocket API." },
      region: { default: "eu-west-1" },
      stage: { default: "dev" },
    },
  },
  local: { host: "127.0.0.1:3001", protocol: "ws", description: "npm run dev" },
};

const description = `What happens in a project, live and again. Every event has a \`seq\`: 1, 2, 3 … per project, without gaps.

A client keeps the last seq it applied, drops what it has, and asks again from there when \`from\` is not its last + 1. A client that was away gets exactly what it missed. A connection lasts two hours at most.`;

/** Makes the AsyncAPI 3.0 document of the WebSocket API, from the view of the server: it receives what clients send. */
export const asyncApi = (version: string) => {
  const input = describeSchemas("input", { ...schemasOf(fromClient), Address });
  const output = describeSchemas("output", schemasOf(fromServer));
  const messages = {
    ...messagesOf(fromClient, input.schemas),
    ...messagesOf(fromServer, output.schemas),
  };
  const names = Object.keys(messages);
  const { name, description: about, schema } = headerParameters.UserId;
  return {
    asyncapi: "3.0.0",
    info: {
      title: "BotArmy Serverless: events",
      version,
      description,
      license: { name: "MIT", url: "https://opensource.org/license/mit" },
    },
    defaultContentType: "application/json",
    servers,
    channels: {
      socket: {
        address: "/",
        title: "The socket",
        messages: Object.fromEntries(names.map((key) => [key, refTo("messages", key)])),
        bindings: {
          ws: {
            method: "GET",
            query: input.schemas.Address,
            headers: {
              type: "object",
              properties: { [name]: { ...schema, description: about } },
            },
            bindingVersion: "0.1.0",
          },
        },
      },
    },
    operations: operations(),
    components: {
      messages,
      schemas: sortByName({ ...input.components, ...output.components }),
    },
  };
};

export type AsyncApi = ReturnType<typeof asyncApi>;
