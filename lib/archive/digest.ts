import { createHash } from "node:crypto";

/** Computes the SHA-256 of data, in hex. */
export const sha256Of = (data: string | Uint8Array): string =>
  createHash("sha256").update(data).digest("hex");

const encoder = new TextEncoder();

/** Encodes a text as UTF-8. A lone surrogate becomes U+FFFD. */
export const toBytes = (text: string): Uint8Array => encoder.encode(text);
