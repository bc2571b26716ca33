import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { buildApp } from "fauxqs";

type App = ReturnType<typeof buildApp>;
type Received = { Messages?: { ReceiptHandle: string }[] };

/** Makes messages visible again that fauxqs gave to a client that is gone. SQS gives such a client none. */
const giveBackWhenClientIsGone = (app: App) => {
  app.addHook("preSerialization", async (request, _reply, payload) => {
    const { Messages = [] } = (payload ?? {}) as Received;
    const { target, body } = { target: request.headers["x-amz-target"], body: request.body };
    if (target !== "AmazonSQS.ReceiveMessage" || Messages.length === 0) return payload;
    await setImmediate(); // a client that has just gone is noticed in the next turn of the loop
    if (!request.raw.socket.destroyed) return payload;
    const { QueueUrl } = body as { QueueUrl: string };
    for (const { ReceiptHandle } of Messages)
      await app.inject({
        method: "POST",
        url: "/",
        headers: {
          "x-amz-target": "AmazonSQS.ChangeMessageVisibility",
          "content-type": "application/x-amz-json-1.0",
        },
        payload: JSON.stringify({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      });
    return payload;
  });
};

/**
 * Starts SQS in this process, on the loopback interface only. (fauxqs' own `startFauxqs` listens on all interfaces.) Its
 * messages are in memory.
 *
 * @param options.port 0 takes a free port
 * @throws Error when the port is taken
 */
export const startSqs = async ({ port = 0, region }: { port?: number; region: string }) => {
  const app = buildApp({ logger: false, host: "localhost", defaultRegion: region });
  giveBackWhenClientIsGone(app);
  await app.listen({ port, host: "127.0.0.1" });
  const { port: taken } = app.server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${taken}`,
    port: taken,
    [Symbol.asyncDispose]: async () => {
      app.server.closeAllConnections();
      await app.close();
    },
  };
};
