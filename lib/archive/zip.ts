import { zipSync } from "fflate";
import type { PackedFile } from "./parts.ts";

/**
 * Makes the time of every entry, near the earliest one that a ZIP can hold. fflate writes local time, so a local time gives the
 * same bytes in every time zone.
 */
const entryTime = () => new Date(1980, 0, 1, 12);

/** Packs files into a ZIP, in their order, with permission for everybody to read. The same files give the same bytes. */
export const zip = (files: readonly PackedFile[]): Uint8Array => {
  const entries = files.map(({ path, data }) => [path, data] as const);
  return zipSync(Object.fromEntries(entries), {
    level: 6,
    mtime: entryTime(),
    os: 3,
    attrs: 0o100644 * 0x10000,
  });
};
