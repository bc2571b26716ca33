import type { RecordKind } from "../../domain/records.ts";

/** The kinds of records that items hold. */
export type StoredKind = RecordKind | "projects" | "events" | "workflows";

type Fields = Record<string, unknown>;

/** Changes a record from version `from` to the next one. `up` is pure, and safe to run twice. */
export type Migration = {
  kind: StoredKind;
  from: number;
  name: string;
  up: (record: Fields) => Fields;
};

/**
 * Makes a follow-up of the fields that projects once had. The correlation id was not stored then, but the seq of the event
 * in the log was: it gives the same id at each reading.
 */
const followUpOf = ({ chore, chore_since, at }: Fields) => {
  const id = `seq-${chore_since}`;
  return chore ? { id, kind: chore, at, correlation_id: id } : null;
};

/** Reads a limit as it was once stored: `task:<id>:5000000`. */
const limitOf = (text: string): Fields => {
  const [scope, owner, amount] = text.split(":");
  return { scope, owner, amount: Number(amount) };
};

/** Reads the limit of a question as it was once stored: `nearly:task:<id>:5000000`. */
const limitQuestionOf = (text: string): Fields => {
  const [kind, ...limit] = text.split(":");
  return { kind, ...limitOf(limit.join(":")) };
};

/** Adds the count of tokens that were written to a cache, which was not stored before. */
const withCacheWrites = (spend: unknown): Fields => ({
  cache_write_input_tokens: 0,
  ...(spend as Fields),
});

const mapFields = (fields: unknown, change: (value: unknown) => unknown): Fields =>
  Object.fromEntries(
    Object.entries((fields ?? {}) as Fields).map(([name, value]) => [name, change(value)]),
  );

/**
 * Every change of a stored record's shape, oldest first. A read applies the migrations that a record lacks;
 * `npm run migrate` rewrites the table. Never edit a migration that has been deployed.
 */
export const migrations: readonly Migration[] = [
  {
    kind: "tasks",
    from: 1,
    name: "effects-in-words",
    up: ({ effects = [], ...task }) => ({
      ...task,
      effects: (effects as unknown[]).map((effect) =>
        typeof effect === "string" ? { key: effect, what: "", outcome: null } : effect,
      ),
    }),
  },
  {
    kind: "ledgers",
    from: 1,
    name: "calls-end",
    up: ({ open, ...ledger }) => ({
      ...ledger,
      open: (open as Fields[]).map((call) => ({
        ...call,
        settle_by: call.settle_by ?? call.started_at,
      })),
    }),
  },
  {
    kind: "tasks",
    from: 2,
    name: "enqueued-in-words",
    up: ({ sends, told_at, ...task }) => ({
      ...task,
      enqueue_count: task.enqueue_count ?? sends ?? 0,
      enqueued_at: task.enqueued_at ?? told_at ?? null,
    }),
  },
  {
    kind: "projects",
    from: 1,
    name: "follow-up-has-an-id",
    up: ({ chore, chore_since, chore_at, ...project }) => ({
      ...project,
      follow_up:
        project.follow_up ?? followUpOf({ chore, chore_since, at: chore_at ?? project.updated_at }),
    }),
  },
  {
    kind: "ledgers",
    from: 2,
    name: "calls-have-a-state",
    up: ({ open, ...ledger }) => ({
      ...ledger,
      open: (open as Fields[]).map((call) => ({ ...call, state: "reserved" })),
    }),
  },
  {
    kind: "requests",
    from: 1,
    name: "limit-as-object",
    up: ({ about = null, ...request }) => ({
      ...request,
      about: typeof about === "string" ? limitQuestionOf(about) : about,
    }),
  },
  {
    kind: "projects",
    from: 2,
    name: "limits-as-objects",
    up: ({ agreed_limits = [], ...project }) => ({
      ...project,
      agreed_limits: (agreed_limits as unknown[]).map((limit) =>
        typeof limit === "string" ? limitOf(limit) : limit,
      ),
    }),
  },
  {
    kind: "ledgers",
    from: 3,
    name: "cache-writes",
    up: ({ spend, by_agent, by_model, ...ledger }) => ({
      ...ledger,
      spend: withCacheWrites(spend),
      by_agent: mapFields(by_agent, withCacheWrites),
      by_model: mapFields(by_model, withCacheWrites),
    }),
  },
];

/** Gives the newest version of a kind: 1, and one more for each migration. */
export const currentVersion = (kind: StoredKind, all: readonly Migration[] = migrations): number =>
  all.filter((migration) => migration.kind === kind).length + 1;

/** Changes a stored record to today's shape. */
export const upgrade = (
  kind: StoredKind,
  version: number,
  record: Fields,
  all: readonly Migration[] = migrations,
): Fields =>
  all
    .filter((migration) => migration.kind === kind && migration.from >= version)
    .reduce((current, migration) => migration.up(current), record);
