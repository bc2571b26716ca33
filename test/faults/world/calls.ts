import type { Instance } from "./instance.ts";

type Service = "dynamodb" | "sqs" | "sockets";

/** One try of one AWS call, as it leaves the SDK. All tries of a call have its number. */
export type Call = {
  n: number;
  /** 1 for the first try. */
  attempt: number;
  /** No other try follows this one. */
  isLast: boolean;
  service: Service;
  operation: string;
  request: unknown;
  /** The request as it is sent. */
  text: string;
  instance: Instance;
};

/** What comes back over the wire. */
export type Reply = { status: number; headers: Record<string, string>; body: string };

/** The client's side of a request, as the SDK's request handlers get it. */
export type WireRequest = {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
};

type Target = Pick<Call, "service" | "operation" | "request" | "text">;

const services: Record<string, Service> = { DynamoDB_20120810: "dynamodb", AmazonSQS: "sqs" };

const decoder = new TextDecoder();

const textOf = ({ body }: WireRequest) => (typeof body === "string" ? body : decoder.decode(body));

const socketCall = ({ path }: WireRequest, text: string): Target => {
  const connection_id = decodeURIComponent(path.split("/").at(-1) ?? "");
  const request = { connection_id, frame: text };
  return { service: "sockets", operation: "PostToConnection", request, text };
};

/** Which operation of which service a request asks for. */
export const targetOf = (request: WireRequest): Target => {
  const text = textOf(request);
  const target = request.headers["x-amz-target"];
  if (target === undefined) return socketCall(request, text);
  const [name = "", operation = ""] = target.split(".");
  return { service: services[name] ?? "dynamodb", operation, request: JSON.parse(text), text };
};

/** `attempt=1; max=3`, as the SDK numbers its tries. */
export const attemptOf = ({ headers }: WireRequest) => {
  const [attempt = 1, max = 1] = (headers["amz-sdk-request"] ?? "").match(/\d+/g) ?? [];
  return { id: headers["amz-sdk-invocation-id"] ?? "", attempt: Number(attempt), max: Number(max) };
};
