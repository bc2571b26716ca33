import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { canonicalJson, type Json } from "../../domain/json.ts";

/** JSON as the table stores it: as text when it is short, deflated when that makes it smaller. */
export type Packed = string | Uint8Array;

/**
 * Chooses a window that is no larger than the text. With a small text, making a large window would take most of the time.
 */
const settingsFor = (bytes: number) =>
  bytes <= 4_096 ? { level: 9, windowBits: 12, memLevel: 5 } : { level: 9 };

/** Up to this many bytes JSON stays text: it rarely costs a second write unit, and operators can read it in the console. */
const maxPlainBytes = 400;

/** Packs a value as JSON. */
export const pack = (value: unknown): Packed => {
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxPlainBytes) return text;
  const deflated = deflateRawSync(text, settingsFor(bytes));
  return deflated.length < bytes ? deflated : text;
};

/**
 * Reads a packed value.
 *
 * @throws SyntaxError or zlib's error when it was not made by `pack`
 */
export const unpack = (packed: Packed): unknown =>
  JSON.parse(typeof packed === "string" ? packed : inflateRawSync(packed).toString("utf8"));

/** Computes the SHA-256, in hex, and the size, in bytes, of a content's canonical JSON. */
export const digest = (content: Json): { sha256: string; bytes: number } => {
  const text = canonicalJson(content);
  return {
    sha256: createHash("sha256").update(text).digest("hex"),
    bytes: Buffer.byteLength(text),
  };
};
