import type { ServerResponse } from "node:http";
import { setImmediate, setTimeout } from "node:timers/promises";
import type { Answer, Frame, Frames, Reply, Vendor, Wire } from "./wire.ts";

type Way = { vendor: Vendor; wire: Wire; reply: Reply; response: ServerResponse };

const bytesOf = (frame: Frame) => Buffer.from(frame);

const write = (response: ServerResponse, frame: Uint8Array) =>
  new Promise<void>((resolve) => {
    response.write(frame, () => resolve());
  });

/** Destroyed only after what was written has left: the client reads that, and then the end. */
const destroy = async (response: ServerResponse) => {
  await setImmediate();
  response.destroy();
};

/** The frames of a stream, with what the reply wants broken in them. */
const framesFor = ({ vendor, wire, reply }: Way, { body, end }: Frames): Frame[] => {
  const half = Math.ceil(body.length / 2);
  if (reply.error) {
    const { type, message = "The stream failed." } = reply.error;
    const failed = wire.failed({ status: 500, message, type });
    return reply.text === undefined && reply.json === undefined ? [failed] : [...body, failed];
  }
  if (reply.malformed) {
    return [...body.slice(0, half), vendor.broken, ...body.slice(half + 1), ...end];
  }
  if (reply.truncate === "no_end") return body;
  return [...body, ...end];
};

const breakOff = async ({ reply, response }: Way, frames: Frame[], body: number) => {
  const half = Math.ceil(body / 2);
  for (const frame of frames.slice(0, half)) await write(response, bytesOf(frame));
  if (reply.hang) return;
  const next = bytesOf(frames[half] ?? "");
  await write(response, next.subarray(0, Math.ceil(next.length / 2)));
  await destroy(response);
};

/** An answer as a stream, frame by frame. */
export const sendStream = async (way: Way, answer: Answer): Promise<void> => {
  const { vendor, wire, reply, response } = way;
  response.writeHead(200, { "content-type": vendor.stream_type, ...reply.headers });
  const parts = wire.frames(answer);
  const frames = framesFor(way, parts);
  if (reply.hang || reply.truncate === "mid") return breakOff(way, frames, parts.body.length);
  for (const [n, frame] of frames.entries()) {
    if (reply.chunk_ms && n > 0) await setTimeout(reply.chunk_ms);
    if (response.destroyed) return;
    await write(response, bytesOf(frame));
  }
  response.end();
};

/** An answer as one JSON document. */
export const sendWhole = async (way: Way, answer: Answer): Promise<void> => {
  const { wire, reply, response } = way;
  response.writeHead(200, { "content-type": "application/json", ...reply.headers });
  const bytes = Buffer.from(JSON.stringify(wire.whole(answer)));
  const isCut = reply.truncate ?? reply.malformed ?? reply.hang;
  if (!isCut) {
    response.end(bytes);
    return;
  }
  await write(response, bytes.subarray(0, Math.floor(bytes.length / 2)));
  if (reply.hang) return;
  if (reply.truncate === "mid") return destroy(response);
  response.end();
};
