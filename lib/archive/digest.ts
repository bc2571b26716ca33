import { createHash } from "node:crypto";

/** SHA-256 in hex. */
export const sha256Of = (data: string | Uint8Array): string =>
  createHash("sha256").update(data).digest("hex");

const encoder = new TextEncoder();

/** The text in UTF-8; a lone surrogate becomes U+FFFD. */
export const toBytes = (text: string): Uint8Array => encoder.encode(text);
