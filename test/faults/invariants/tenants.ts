import { parsePartitionKey } from "../../../lib/adapters/dynamodb/keys.ts";
import type { Seen } from "../world/borders.ts";
import type { World } from "../world/open-world.ts";
import type { Picture } from "./picture.ts";

type Item = Record<string, unknown>;

/** Whose each id is. */
const ownersIn = (pictures: readonly Picture[]): Map<string, string> =>
  new Map(
    pictures.flatMap(({ change, versions }) =>
      [
        change.project.id,
        ...Object.keys(change.tasks),
        ...Object.keys(change.requests),
        ...versions.map(({ context_id }) => context_id),
      ].map((id) => [id, change.tenant] as const),
    ),
  );

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** What is packed was read into the pictures; an error is told by its text. */
const readable = (_: string, value: unknown) => {
  if (value instanceof Uint8Array) return undefined;
  return value instanceof Error ? String(value) : value;
};

const textOf = (what: unknown) => JSON.stringify(what, readable) ?? "";

const itemsOf = (items: readonly Item[]): Seen[] =>
  items.map((item) => ({ tenants: [parsePartitionKey(String(item.pk)).tenant], what: item }));

const eventsOf = (pictures: readonly Picture[]): Seen[] =>
  pictures.map(({ change, events }) => ({ tenants: [change.tenant], what: events }));

const answersOf = ({ clients }: World): Seen[] =>
  clients.exchanges.map(({ sent, answered }) => ({ tenants: [sent.tenant], what: answered.body }));

/** No item, event, answer, frame or log line of one tenant holds anything of another. */
export const tenantsAreApart = (
  world: World,
  { pictures, items }: { pictures: readonly Picture[]; items: readonly Item[] },
): string[] => {
  const owners = ownersIn(pictures);
  if (new Set(owners.values()).size < 2) return [];
  const kinds: Record<string, readonly Seen[]> = {
    "an item": itemsOf(items),
    "an event": eventsOf(pictures),
    "an answer": answersOf(world),
    "a frame": world.gateway.frames,
    "a log line": world.borders.lines,
  };
  return Object.entries(kinds).flatMap(([kind, all]) =>
    all.flatMap(({ tenants, what }) =>
      (textOf(what).match(uuid) ?? []).flatMap((id) => {
        const owner = owners.get(id);
        return owner === undefined || tenants.includes(owner)
          ? []
          : [`${kind} of ${tenants.join(" and ")} holds ${id}, which is ${owner}'s`];
      }),
    ),
  );
};
