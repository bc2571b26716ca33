import { openAnswers } from "../../localstack/emulators/dynamodb/open-answers.ts";
import { openStore } from "../../localstack/emulators/dynamodb/open-store.ts";
import { Refusal } from "../faults/world/dynamodb/expressions.ts";
import { openDynamoDB } from "../faults/world/dynamodb/model.ts";

/**
 * A DynamoDB in this process: the embedded emulator, or the model of the simulated worlds, which is compared with it and
 * costs next to nothing, for tests of something else.
 */
export type Near = "emulator" | "model";

type WireRequest = { headers: Record<string, string>; body?: string | Uint8Array };
type AnswerTo = ReturnType<typeof openAnswers>;

let emulator: Promise<AnswerTo> | undefined;

/** One emulator for all tests of a process. */
const openEmulator = (): Promise<AnswerTo> => {
  emulator ??= openStore().then(openAnswers);
  return emulator;
};

/** Its tables are there as soon as they are named. */
const tableCommands: Record<string, unknown> = {
  CreateTable: {},
  DescribeTable: { Table: { TableStatus: "ACTIVE" } },
  UpdateTimeToLive: {},
};

const openModel = async (): Promise<AnswerTo> => {
  const { perform } = openDynamoDB({ now: Date.now, lagMs: () => 0 });
  return async (target, body) => {
    const operation = String(target).split(".")[1] ?? "";
    const known = tableCommands[operation];
    if (known) return { status: 200, answer: known };
    try {
      return { status: 200, answer: perform(operation, JSON.parse(body.toString())) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { name, message, fields } = error;
      return { status: 400, answer: { __type: `com.amazonaws#${name}`, message, ...fields } };
    }
  };
};

const open = { emulator: openEmulator, model: openModel } as const;

/** A DynamoDB that the SDK's request handler asks itself, without a wire between: half of what a call costs. */
export const nearDynamoDB = (near: Near) => {
  const opened = open[near]();
  return {
    metadata: { handlerProtocol: "http/1.1" },
    destroy: () => undefined,
    handle: async ({ headers, body = "" }: WireRequest) => {
      const { status, answer } = await (await opened)(headers["x-amz-target"], Buffer.from(body));
      return {
        response: {
          statusCode: status,
          headers: { "content-type": "application/x-amz-json-1.0" },
          body: Buffer.from(JSON.stringify(answer)),
        },
      };
    },
  };
};
