import type { AttributeMap } from "./wire.ts";

const values: Record<string, (value: never) => unknown> = {
  S: (value: string) => value,
  N: (value: string) => Number(value),
  B: (value: string) => Buffer.from(value, "base64"),
  SS: (value: string[]) => new Set(value),
  BOOL: (value: boolean) => value,
  NULL: () => null,
};

/** An item as the code under test reads it. */
export const plain = (item: AttributeMap): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(item).map(([name, typed]) => {
      const [[type = "", value] = []] = Object.entries(typed);
      return [name, values[type]?.(value as never)];
    }),
  );
