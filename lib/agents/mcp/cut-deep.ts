/** Levels of lists and objects in each other. Functions that recurse, such as `JSON.stringify`, fail at some thousands. */
const maxLevels = 128;

const tooDeep = "[nested too deep]";

const isNested = (value: unknown): value is { [key: string]: unknown } =>
  value !== null && typeof value === "object";

const innerOf = (value: unknown): unknown[] => (isNested(value) ? Object.values(value) : []);

const cutInside = (value: unknown): void => {
  if (!isNested(value)) return;
  for (const [key, inner] of Object.entries(value)) if (isNested(inner)) value[key] = tooDeep;
};

/** Replaces what is nested too deep in a value that was just read from JSON by a marker, in place. It does not recurse. */
export const cutDeep = (value: unknown): unknown => {
  let level = [value];
  for (let depth = 1; depth < maxLevels && level.length > 0; depth += 1) {
    level = level.flatMap(innerOf).filter(isNested);
  }
  for (const item of level) cutInside(item);
  return value;
};
