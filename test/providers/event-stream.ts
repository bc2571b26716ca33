import { crc32 } from "node:zlib";

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};

const stringType = 7;

const header = (name: string, value: string) => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([
    Buffer.from([Buffer.byteLength(name)]),
    Buffer.from(name),
    Buffer.from([stringType]),
    length,
    Buffer.from(value),
  ]);
};

/**
 * One message of the binary AWS event stream: total and header length, CRC of these, headers,
 * payload, CRC of everything before it. https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export const encodeMessage = (headers: Record<string, string>, payload: unknown): Buffer => {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.concat([uint32(head.length + body.length + 16), uint32(head.length)]);
  const checked = Buffer.concat([prelude, uint32(crc32(prelude)), head, body]);
  return Buffer.concat([checked, uint32(crc32(checked))]);
};
