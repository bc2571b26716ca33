import type { RecordKind } from "../../domain/records.ts";

/** The kinds of items that carry a record. */
export type StoredKind = RecordKind | "projects" | "events" | "workflows";

type Fields = Record<string, unknown>;

/** Brings a record of version `from` to the next one. Pure, and safe to run twice. */
export type Migration = {
  kind: StoredKind;
  from: number;
  name: string;
  up: (record: Fields) => Fields;
};

/** Which request left it was not kept; the seq of its event in the log was. It gives the same id at each reading. */
const followUpOf = ({ chore, chore_since, at }: Fields) => {
  const id = `seq-${chore_since}`;
  return chore ? { id, kind: chore, at, correlation_id: id } : null;
};

/** `task:<id>:5000000`, as a limit was stored once. */
const limitOf = (text: string): Fields => {
  const [scope, owner, amount] = text.split(":");
  return { scope, owner, amount: Number(amount) };
};

/** `nearly:task:<id>:5000000`, as the limit of a question was stored once. */
const limitQuestionOf = (text: string): Fields => {
  const [kind, ...limit] = text.split(":");
  return { kind, ...limitOf(limit.join(":")) };
};

/**
 * Every change of a stored record's shape, oldest first. Reads apply what is missing; `npm run migrate`
 * rewrites. A migration is never edited once it has been deployed.
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
];

export const currentVersion = (kind: StoredKind, all: readonly Migration[] = migrations): number =>
  all.filter((migration) => migration.kind === kind).length + 1;

/** A stored record in today's shape. */
export const upgrade = (
  kind: StoredKind,
  version: number,
  record: Fields,
  all: readonly Migration[] = migrations,
): Fields =>
  all
    .filter((migration) => migration.kind === kind && migration.from >= version)
    .reduce((current, migration) => migration.up(current), record);
