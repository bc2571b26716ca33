import { canonicalJson, type Json } from "../../../lib/domain/json.ts";
import { attemptOf, type Call, type Reply, targetOf, type WireRequest } from "./calls.ts";
import { Refusal } from "./dynamodb/expressions.ts";
import type { DynamoDB } from "./dynamodb/model.ts";
import { type FaultName, faults, type Plan, replyOf, type Wire } from "./faults.ts";
import type { Gateway } from "./gateway.ts";
import type { Instance } from "./instance.ts";
import type { Detour, Sqs } from "./sqs.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** How long a request is on its way, and its answer. */
export type Latency = { thereMs: number; backMs: number };

type Options = {
  time: VirtualTime;
  dynamodb: Pick<DynamoDB, "perform">;
  sqs: Sqs;
  gateway: Gateway;
  plan: Plan;
  latency: () => Latency;
  /** How long it takes until the work of a silent process is given to another. */
  takeoverMs: () => number;
  /** Told of every try, and of the fault that meets it. */
  watch: (call: Call, fault: FaultName | null) => void;
};

const json = (answer: unknown): Reply => ({
  status: 200,
  headers: { "content-type": "application/x-amz-json-1.0" },
  body: JSON.stringify(answer),
});

const goneReply = replyOf(new Refusal("GoneException", "The socket is gone"), 410);

const postTo = (gateway: Gateway, request: unknown): Reply => {
  const { connection_id, frame } = request as { connection_id: string; frame: string };
  const posted = gateway.post(connection_id, frame) === "posted";
  return posted ? { status: 200, headers: {}, body: "" } : goneReply;
};

/** Lets a call take effect at its service. */
const performOn = ({ dynamodb, sqs, gateway }: Options) => {
  const services = {
    dynamodb: async ({ operation, request }: Call) =>
      json(await dynamodb.perform(operation, request)),
    sqs: async ({ operation, request }: Call, detour?: Detour) =>
      json(sqs.perform(operation, request, detour)),
    sockets: async ({ request }: Call) => postTo(gateway, request),
  } as const satisfies Record<Call["service"], (call: Call, detour?: Detour) => Promise<Reply>>;
  return (call: Call, detour?: Detour): Promise<Reply> =>
    services[call.service](call, detour).catch((error: unknown) => {
      if (error instanceof Refusal) return replyOf(error);
      throw error;
    });
};

/** A gateway that says a socket is gone has closed it, unless it is still being opened. */
const closesSocket = (fault: FaultName | null) => fault?.startsWith("gone") ?? false;

type Settle = { resolve: (reply: Reply) => void; reject: (error: Error) => void };

type Arrival = { call: Omit<Call, "n">; id: string; settle: Settle };

const placeOf = ({ call: { instance, operation, request } }: Arrival) =>
  `${instance.name} ${operation} ${canonicalJson(request as Json)}`;

/** In an order that does not depend on how deep in promises a call was made, or on the order of its members. */
const inOrder = (arrivals: readonly Arrival[]) =>
  arrivals
    .map((arrival) => ({ arrival, place: arrivals.length > 1 ? placeOf(arrival) : "" }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ arrival }) => arrival);

/** The network between the processes and the services: it numbers the calls, and lets go wrong what the plan says. */
export const openNetwork = (options: Options) => {
  const { time, plan, latency, watch, gateway } = options;
  const perform = performOn(options);
  const numbers = new Map<string, number>();
  const landings = new Map<Instance, { calls: number; land: () => unknown }>();
  let arrivals: Arrival[] = [];
  let calls = 0;

  const numberFor = (id: string) => {
    const known = numbers.get(id);
    if (known !== undefined) return known;
    calls += 1;
    numbers.set(id, calls);
    return calls;
  };

  const wireOf = (call: Call, settle: Settle): Wire => {
    const { instance } = call;
    const { thereMs, backMs } = latency();
    const answer = (reply: Reply) =>
      time.after(backMs, () => instance.whenAwake(() => settle.resolve(reply)));
    const performHeld = (detour?: Detour) => time.hold(perform(call, detour));
    return {
      perform: performHeld,
      answer,
      pass: (detour) => time.after(thereMs, async () => answer(await performHeld(detour))),
      breakOff: (error) => instance.whenAwake(() => settle.reject(error)),
      kill: instance.kill,
      freeze: () => instance.freeze(options.takeoverMs()),
      after: time.after,
      land: (calls) => landings.set(instance, { calls, land: performHeld }),
    };
  };

  /** What was taken for lost may take effect just before a later call of the same process. */
  const landBefore = ({ instance }: Pick<Call, "instance">) => {
    const landing = landings.get(instance);
    if (!landing) return;
    landing.calls -= 1;
    if (landing.calls > 0) return;
    landings.delete(instance);
    landing.land();
  };

  const setOut = ({ call: made, id, settle }: Arrival) => {
    if (!made.instance.isAlive()) return;
    const call: Call = { ...made, n: numberFor(id) };
    landBefore(call);
    const fault = plan(call);
    watch(call, fault);
    const wire = wireOf(call, settle);
    if (!fault) return wire.pass();
    if (closesSocket(fault))
      gateway.close((call.request as { connection_id: string }).connection_id);
    faults[fault].run(wire, call);
  };

  time.onTurnEnd(() => {
    const next = arrivals;
    arrivals = [];
    for (const arrival of inOrder(next)) setOut(arrival);
    return next.length > 0;
  });

  return {
    /** How many calls there have been. */
    count: () => calls,
    /** One process's end of the network. */
    endFor:
      (instance: Instance) =>
      (request: WireRequest): Promise<Reply> =>
        new Promise((resolve, reject) => {
          const { id, attempt, max } = attemptOf(request);
          const call = { ...targetOf(request), attempt, isLast: attempt >= max, instance };
          arrivals.push({ call, id, settle: { resolve, reject } });
        }),
  };
};
