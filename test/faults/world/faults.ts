import type { Call, Reply } from "./calls.ts";
import { Refusal } from "./dynamodb/expressions.ts";
import { cancelled } from "./dynamodb/writes.ts";
import type { Detour } from "./sqs.ts";

/** What a fault can do with a call on its way. */
export type Wire = {
  /** Lets the call take its way and be answered, as if nothing were wrong. */
  pass: (detour?: Detour) => void;
  /** Lets it take effect, now or later, and gives what would be answered. */
  perform: (detour?: Detour) => Promise<Reply>;
  answer: (reply: Reply) => void;
  /** The client gets no answer, but an error of the network. */
  breakOff: (error: Error) => void;
  /** The client's process ends here. */
  kill: () => void;
  /** The client's process stands still until another one has its work; then it goes on as if nothing had been. */
  freeze: () => void;
  after: (ms: number, run: () => unknown) => void;
  /** Lets it take effect just before that process sends so many more calls. */
  land: (calls: number) => void;
};

const requestTimeoutMs = 2_000;
/** Long enough for much else to happen, and not long enough for the SDK to give up. */
const stallMs = 1_500;
const lateMs = 7_000;

const reset = () => Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
const timedOut = () => Object.assign(new Error("no answer"), { name: "TimeoutError" });

/** A refusal as the service words it. */
export const replyOf = ({ name, message, fields }: Refusal, status = 400): Reply => ({
  status,
  headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-errortype": name },
  body: JSON.stringify({ __type: `com.amazonaws#${name}`, message, ...fields }),
});

const throttled = ({ service }: Call): Reply =>
  replyOf(
    new Refusal(
      service === "sqs" ? "RequestThrottled" : "ProvisionedThroughputExceededException",
      "Too many requests",
    ),
  );

const inConflict = ({ operation, request }: Call): Reply => {
  if (operation !== "TransactWriteItems") {
    return replyOf(new Refusal("TransactionConflictException", "Transaction is ongoing"));
  }
  const { TransactItems } = request as { TransactItems: unknown[] };
  return replyOf(
    cancelled(TransactItems.map((_, index) => (index === 0 ? "TransactionConflict" : "None"))),
  );
};

const unprocessed = ({ request }: Call): Reply => {
  const { RequestItems } = request as { RequestItems: object };
  return {
    status: 200,
    headers: {},
    body: JSON.stringify({ Responses: {}, UnprocessedKeys: RequestItems }),
  };
};

const gone = (headers: Record<string, string>): Reply => ({ status: 410, headers, body: "" });

const tooMany: Reply = {
  status: 429,
  headers: { "x-amzn-errortype": "LimitExceededException" },
  body: "{}",
};

const isWrite = ({ operation }: Call) => /^(Put|Update|Delete|Transact)/.test(operation);
const anyCall = () => true;
/**
 * A read has no effect that could be had without its answer. Why a single try fails makes no difference, as the SDK tries
 * again: reads are throttled, all else is broken off.
 */
const hasEffect = ({ operation }: Call) => !/^(Get|BatchGet|Query)/.test(operation);
const toTable = ({ service }: Call) => service === "dynamodb";
const toQueue = ({ operation }: Call) => operation === "SendMessage";
const toSocket = ({ service }: Call) => service === "sockets";

type Kind = {
  /** Which calls it can happen to. */
  at: (call: Call) => boolean;
  run: (wire: Wire, call: Call) => unknown;
};

const once =
  (run: Kind["run"]): Kind["run"] =>
  (wire, call) =>
    call.attempt === 1 ? run(wire, call) : wire.pass();

const fail: Kind["run"] = ({ breakOff }) => breakOff(reset());

const lose: Kind["run"] = async ({ perform, after, breakOff }) => {
  await perform();
  after(requestTimeoutMs, () => breakOff(timedOut()));
};

/** Every try seems lost; the last one was only late. */
const landBeforeCall =
  (calls: number): Kind["run"] =>
  ({ land, breakOff }, { isLast }) => {
    breakOff(reset());
    if (isLast) land(calls);
  };

const throttle: Kind["run"] = ({ answer }, call) => answer(throttled(call));

/** Everything that can go wrong with a call. "All" means every try of the SDK. */
export const faults = {
  "kill before": { at: anyCall, run: ({ kill }) => kill() },
  "kill after": { at: hasEffect, run: ({ perform, kill }) => perform().then(kill) },
  fail: { at: hasEffect, run: once(fail) },
  "fail all": { at: anyCall, run: fail },
  lose: { at: hasEffect, run: once(lose) },
  "lose all": { at: hasEffect, run: lose },
  late: {
    at: hasEffect,
    run: once(({ perform, after, breakOff }) => {
      after(lateMs, perform);
      after(requestTimeoutMs, () => breakOff(timedOut()));
    }),
  },
  "lands one call later": { at: isWrite, run: landBeforeCall(1) },
  "lands two calls later": { at: isWrite, run: landBeforeCall(2) },
  "lands three calls later": { at: isWrite, run: landBeforeCall(3) },
  "stall before": { at: anyCall, run: ({ after, pass }) => after(stallMs, pass) },
  "stall after": {
    at: hasEffect,
    run: async ({ after, perform, answer }) => {
      const reply = await perform();
      after(stallMs, () => answer(reply));
    },
  },
  throttle: { at: (call) => !hasEffect(call), run: once(throttle) },
  "throttle all": { at: (call) => hasEffect(call) && !toSocket(call), run: throttle },
  conflict: {
    at: (call) => toTable(call) && isWrite(call),
    run: once(({ answer }, call) => answer(inConflict(call))),
  },
  unprocessed: {
    at: ({ operation }) => operation === "BatchGetItem",
    run: ({ answer }, call) => answer(unprocessed(call)),
  },
  freeze: {
    at: (call) => call.instance.mayFreeze && hasEffect(call),
    run: once(({ freeze, pass }) => {
      freeze();
      pass();
    }),
  },
  duplicate: { at: toQueue, run: ({ pass }) => pass({ copies: 2 }) },
  delay: { at: toQueue, run: ({ pass }) => pass({ delayMs: 45_000 }) },
  reorder: { at: toQueue, run: ({ pass }) => pass({ delayMs: 3_000 }) },
  redeliver: { at: toQueue, run: ({ pass }) => pass({ redeliverAfterMs: 4 }) },
  "gone by name": {
    at: toSocket,
    run: ({ answer }) => answer(gone({ "x-amzn-errortype": "GoneException" })),
  },
  "gone without a name": { at: toSocket, run: ({ answer }) => answer(gone({})) },
  "too many": { at: toSocket, run: ({ answer }) => answer(tooMany) },
  "lost frame": {
    at: toSocket,
    run: ({ answer }) => answer({ status: 200, headers: {}, body: "" }),
  },
} as const satisfies Record<string, Kind>;

export type FaultName = keyof typeof faults;
export const faultNames = Object.keys(faults) as FaultName[];

/** These lose nothing: they only let other things happen in between. */
export const stalls: readonly FaultName[] = ["stall before", "stall after"];

export const canHappen = (name: FaultName, call: Call): boolean => faults[name].at(call);

/** Says what goes wrong with a call, if anything does. */
export type Plan = (call: Call) => FaultName | null;

export const noFaults: Plan = () => null;

/** The named faults at the calls of those numbers; a number counts calls, not the SDK's tries. */
export const planOf = (points: readonly { n: number; fault: FaultName }[]): Plan => {
  const byNumber = new Map(points.map(({ n, fault }) => [n, fault]));
  return (call) => {
    const fault = byNumber.get(call.n);
    return fault && canHappen(fault, call) ? fault : null;
  };
};
