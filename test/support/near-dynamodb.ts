import { openAnswers } from "../../localstack/emulators/dynamodb/open-answers.ts";
import { openStore } from "../../localstack/emulators/dynamodb/open-store.ts";

type WireRequest = { headers: Record<string, string>; body?: string | Uint8Array };

let opened: Promise<ReturnType<typeof openAnswers>> | undefined;

/**
 * The emulator in this process, asked by the SDK's request handler without a wire between: half of what a call costs. One
 * for all tests of a process; the wire is for the tests of the emulator itself, and for those of the whole stack.
 */
export const nearDynamoDB = () => {
  opened ??= openStore().then(openAnswers);
  return {
    metadata: { handlerProtocol: "http/1.1" },
    destroy: () => undefined,
    handle: async ({ headers, body = "" }: WireRequest) => {
      const answerTo = await (opened as NonNullable<typeof opened>);
      const { status, answer } = await answerTo(headers["x-amz-target"], Buffer.from(body));
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
