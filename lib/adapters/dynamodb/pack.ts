import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { canonicalJson, type Json } from "../../domain/json.ts";

/** JSON as the table keeps it: plain text while it is short, deflated when that saves write units. */
export type Packed = string | Uint8Array;

/** A window no larger than the text: most of the time that a small text takes is the making of a large one. */
const settingsFor = (bytes: number) =>
  bytes <= 4_096 ? { level: 9, windowBits: 12, memLevel: 5 } : { level: 9 };

/** Below this many bytes an item rarely costs a second unit, and text can be read in the console. */
const maxPlainBytes = 400;

export const pack = (value: unknown): Packed => {
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxPlainBytes) return text;
  const deflated = deflateRawSync(text, settingsFor(bytes));
  return deflated.length < bytes ? deflated : text;
};

export const unpack = (packed: Packed): unknown =>
  JSON.parse(typeof packed === "string" ? packed : inflateRawSync(packed).toString("utf8"));

/** Digest and size of a content: SHA-256 in hex, and bytes, of its canonical JSON. */
export const digest = (content: Json): { sha256: string; bytes: number } => {
  const text = canonicalJson(content);
  return {
    sha256: createHash("sha256").update(text).digest("hex"),
    bytes: Buffer.byteLength(text),
  };
};
