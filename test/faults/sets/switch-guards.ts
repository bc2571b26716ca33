import type { Guard } from "./guards/guard.ts";

const marker = /\/\* guard: ([^*]+) \*\/\s*/g;

/** What ends an expression at its own depth, what goes deeper, and texts, in which neither counts. */
const token = /"(?:[^"\\]|\\.)*"|`[^`]*`|[([{]|[)\]}]|[,;]/g;

/** @throws when it has no end */
const expressionAt = (source: string, start: number): string => {
  let depth = 0;
  for (const { 0: found, index } of source.slice(start).matchAll(token)) {
    const closes = ")]}".includes(found);
    if (depth === 0 && (closes || ",;".includes(found))) return source.slice(start, start + index);
    if ("([{".includes(found)) depth += 1;
    if (closes) depth -= 1;
  }
  throw new Error(`Found no end of the expression at ${start}`);
};

type Place = { names: string[]; off: string };

/** Every place with the guards that go off there. */
const placesOf = (guards: readonly Guard[]): Map<string, Place> => {
  const places = new Map<string, Place>();
  for (const { name, places: own } of guards) {
    for (const [place, off] of Object.entries(own)) {
      places.set(place, { off, names: [...(places.get(place)?.names ?? []), name] });
    }
  }
  return places;
};

const switched = (on: string, { names, off }: Place): string => {
  const isOff = `${JSON.stringify(names)}.includes(globalThis.guardOff)`;
  const waits = /\bawait\b/.test(off);
  const instead = `${waits ? "await " : ""}globalThis.withoutGuard(${waits ? "async " : ""}() => (${off}))`;
  return `(${isOff} ? ${instead} : (${on}))`;
};

/**
 * Makes the marked expressions of source files such that `globalThis.guardOff` switches them, and keeps account of the
 * places.
 */
export const openSwitches = (guards: readonly Guard[]) => {
  const places = placesOf(guards);
  const seen = new Set<string>();
  return {
    /** @throws when a place is marked twice, or is that of no guard */
    rewrite: (source: string): string =>
      [...source.matchAll(marker)]
        .toReversed()
        .reduce((text, { 0: comment, 1: name = "", index }) => {
          const place = places.get(name);
          if (!place) throw new Error(`No guard has the place "${name}"`);
          if (seen.has(name)) throw new Error(`The place "${name}" is marked twice`);
          seen.add(name);
          const start = index + comment.length;
          const on = expressionAt(text, start);
          return text.slice(0, index) + switched(on, place) + text.slice(start + on.length);
        }, source),
    /** Places that no source had. */
    missing: (): string[] => [...places.keys()].filter((name) => !seen.has(name)),
  };
};
