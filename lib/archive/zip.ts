import { zipSync } from "fflate";
import type { PackedFile } from "./parts.ts";

/**
 * Near the earliest instant that a ZIP can hold. Made of local parts because fflate writes local parts: so the bytes
 * are the same in every time zone.
 */
const instant = () => new Date(1980, 0, 1, 12);

/** A ZIP of the files in their order, all readable by everybody. Only what it holds makes its bytes. */
export const zip = (files: readonly PackedFile[]): Uint8Array => {
  const entries = files.map(({ path, data }) => [path, data] as const);
  return zipSync(Object.fromEntries(entries), {
    level: 6,
    mtime: instant(),
    os: 3,
    attrs: 0o100644 * 0x10000,
  });
};
