import { createHash } from "node:crypto";
import { Refusal } from "./dynamodb/expressions.ts";
import type { VirtualTime } from "./virtual-time.ts";

export type QueueSettings = { visibilityMs: number; maxReceives?: number; deadLetters?: string };

type Message = {
  id: string;
  body: string;
  visibleAt: number;
  receives: number;
  receipt: string;
  /** Comes a second time this long after its first delivery has begun. */
  redeliverAfterMs: number | null;
};

export type Received = { messageId: string; receiptHandle: string; body: string; receives: number };

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

/** One queue, in the order in which messages become visible. */
const openQueue = (
  time: VirtualTime,
  settings: QueueSettings,
  toDeadLetters: (m: Message) => void,
) => {
  let messages: Message[] = [];
  let made = 0;
  let notify: () => void = () => undefined;
  const wake = ({ visibleAt }: { visibleAt: number }) => time.at(visibleAt, () => notify());

  const add = (message: Message) => {
    messages.push(message);
    wake(message);
  };
  const send = (body: string, delayMs = 0, redeliverAfterMs: number | null = null): string => {
    made += 1;
    const id = `m${made}`;
    add({
      id,
      body,
      visibleAt: time.now() + delayMs,
      receives: 0,
      receipt: "",
      redeliverAfterMs,
    });
    return id;
  };
  const drop = (message: Message) => {
    messages = messages.filter((other) => other !== message);
  };
  const nextVisible = () =>
    messages
      .filter(({ visibleAt }) => visibleAt <= time.now())
      .sort((a, b) => a.visibleAt - b.visibleAt)[0];
  const hide = (message: Message): Received => {
    const { redeliverAfterMs } = message;
    message.receives += 1;
    message.receipt = `${message.id}-${message.receives}`;
    message.visibleAt = time.now() + (redeliverAfterMs ?? settings.visibilityMs);
    message.redeliverAfterMs = null;
    wake(message);
    const { id: messageId, receipt: receiptHandle, body, receives } = message;
    return { messageId, receiptHandle, body, receives };
  };
  const receive = (most: number): Received[] => {
    const received: Received[] = [];
    for (let message = nextVisible(); message && received.length < most; message = nextVisible()) {
      if (message.receives >= (settings.maxReceives ?? Number.POSITIVE_INFINITY)) {
        drop(message);
        toDeadLetters(message);
      } else {
        received.push(hide(message));
      }
    }
    return received;
  };
  /** A receipt of an earlier delivery no longer counts once there has been a later one. */
  const held = (receipt: string) => messages.find((message) => message.receipt === receipt);
  return {
    send,
    add,
    receive,
    delete: (receipt: string) => {
      const message = held(receipt);
      if (message) drop(message);
    },
    changeVisibility: (receipt: string, ms: number) => {
      const message = held(receipt);
      if (!message) return;
      message.visibleAt = time.now() + ms;
      wake(message);
    },
    onVisible: (run: () => void) => {
      notify = run;
    },
    waiting: () => messages.filter(({ visibleAt }) => visibleAt <= time.now()).length,
    inFlight: () => messages.filter(({ visibleAt }) => visibleAt > time.now()).length,
    bodies: () => messages.map(({ body }) => body),
    isEmpty: () => messages.length === 0,
  };
};

export type Queue = ReturnType<typeof openQueue>;

/** How a message goes wrong on its way: more than once, late, or again while its first delivery runs. */
export type Detour = { copies?: number; delayMs?: number; redeliverAfterMs?: number };

type SendRequest = { QueueUrl: string; MessageBody: string; DelaySeconds?: number };
type VisibilityRequest = { QueueUrl: string; ReceiptHandle: string; VisibilityTimeout: number };

/** SQS as far as this project uses it: standard queues by URL, with dead letters. */
export const openSqs = (time: VirtualTime, settings: Record<string, QueueSettings>) => {
  const queues = new Map<string, Queue>();
  for (const [url, each] of Object.entries(settings)) {
    const { deadLetters = "" } = each;
    queues.set(
      url,
      openQueue(time, each, (message) => queues.get(deadLetters)?.add({ ...message, receives: 0 })),
    );
  }
  const queueAt = (url: string): Queue => {
    const queue = queues.get(url);
    if (queue) return queue;
    throw new Refusal("QueueDoesNotExist", url);
  };
  const operations: Record<string, (request: never, detour: Detour) => unknown> = {
    SendMessage: ({ QueueUrl, MessageBody, DelaySeconds = 0 }: SendRequest, detour) => {
      const { copies = 1, delayMs = 0, redeliverAfterMs } = detour;
      const queue = queueAt(QueueUrl);
      const wait = DelaySeconds * 1_000 + delayMs;
      const ids = Array.from({ length: copies }, () =>
        queue.send(MessageBody, wait, redeliverAfterMs),
      );
      return { MessageId: ids[0], MD5OfMessageBody: md5(MessageBody) };
    },
    ChangeMessageVisibility: (request: VisibilityRequest) => {
      const { QueueUrl, ReceiptHandle, VisibilityTimeout } = request;
      queueAt(QueueUrl).changeVisibility(ReceiptHandle, VisibilityTimeout * 1_000);
      return {};
    },
    GetQueueAttributes: ({ QueueUrl }: { QueueUrl: string }) => ({
      Attributes: {
        ApproximateNumberOfMessages: String(queueAt(QueueUrl).waiting()),
        ApproximateNumberOfMessagesNotVisible: String(queueAt(QueueUrl).inFlight()),
      },
    }),
  };
  return {
    queueAt,
    perform: (operation: string, request: unknown, detour: Detour = {}): unknown => {
      const run = operations[operation];
      if (!run) throw new Refusal("UnsupportedOperation", operation);
      return run(request as never, detour);
    },
  };
};

export type Sqs = ReturnType<typeof openSqs>;
