import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { crc32 } from "node:zlib";
import { openAnswers } from "./open-answers.ts";
import { openStore } from "./open-store.ts";

/** Longer than the SDK keeps an idle connection, so that it never sends on a connection that is being closed. */
const KEEP_ALIVE_MS = 120_000;

const send = (response: ServerResponse, status: number, answer: unknown) => {
  const body = JSON.stringify(answer);
  response.writeHead(status, {
    "content-type": "application/x-amz-json-1.0",
    "x-amzn-requestid": randomUUID(),
    "x-amz-crc32": crc32(body),
  });
  response.end(body);
};

const serve =
  (answerTo: ReturnType<typeof openAnswers>) =>
  async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request);
    const { status, answer } = await answerTo(request.headers["x-amz-target"], body);
    send(response, status, answer);
  };

/**
 * Starts DynamoDB in this process, on the loopback interface only. It is dynalite, with the features that dynalite lacks:
 * transactions, time to live, and the old item of a failed condition.
 *
 * @param options.port 0 takes a free port
 * @param options.path the folder for the data; without it they are in memory
 * @throws Error when the port is taken, or another process uses the folder
 */
export const startDynamoDB = async ({ port = 0, path }: { port?: number; path?: string } = {}) => {
  const store = await openStore(path);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, serve(openAnswers(store)));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  }).catch(async (error: unknown) => {
    await store.db.close();
    throw error;
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${taken}`,
    port: taken,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await store.db.close();
    },
  };
};
