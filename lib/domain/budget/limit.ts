import * as z from "zod";
import { Instant } from "../common.ts";
import { dollars, type MicroDollars } from "./money.ts";

export const scopes = ["task", "project", "tenant", "day"] as const;
export type Scope = (typeof scopes)[number];

/** Names one limit with its amount, so that a person's decision about it holds for no other limit. */
export const LimitRef = z.object({
  scope: z.enum(scopes),
  /** A task's id, a day's date, or `all`. */
  owner: z.string(),
  /** In micro-dollars. */
  amount: z.int().nonnegative(),
});
export type LimitRef = z.infer<typeof LimitRef>;

/** The limit that a person is asked about: `nearly` or entirely used up. */
export const LimitQuestion = LimitRef.extend({
  kind: z.enum(["nearly", "used_up"]),
  /** What the call that was not made needs at least, in micro-dollars. */
  needed: z.int().nonnegative().optional(),
});
export type LimitQuestion = z.infer<typeof LimitQuestion>;

/** Names a limit without its amount. */
export type LimitOwner = Pick<LimitRef, "scope" | "owner">;

/** What a task waits for at a limit: money that other calls have reserved, or a person. */
export const WaitingFor = z
  .object({
    scope: z.enum(scopes).meta({ description: "Whose limit it is." }),
    owner: z.string().meta({ description: "A task's id, a day's date, or `all`." }),
    limit_usd: z.number(),
    request_id: z.uuid().nullable().meta({
      description:
        "The question to a person that several tasks may wait for. Null while the task only waits for money that calls under way have reserved.",
    }),
    since: Instant,
  })
  .meta({ id: "WaitingFor", description: "The limit at which a task waits." });
export type WaitingFor = z.infer<typeof WaitingFor>;

/** Makes what a task waits for at a limit. */
export const waitingForLimit = (
  { scope, owner, amount }: LimitRef,
  request_id: string | null,
  since: string,
): WaitingFor => ({ scope, owner, limit_usd: dollars(amount), request_id, since });

/** Gives the limit alone, without the other fields of an object. */
export const limitRef = ({ scope, owner, amount }: LimitRef): LimitRef => ({
  scope,
  owner,
  amount,
});

/** Tells whether both name the same limit with the same amount. */
export const isSameLimit = (one: LimitRef, other: LimitRef): boolean =>
  one.scope === other.scope && one.owner === other.owner && one.amount === other.amount;

const raisable = { task: true, project: true, tenant: false, day: false } as const;

/**
 * Tells whether a person may set the limit: that of a task or project. The operator sets the limits of the tenant and the
 * day.
 */
export const isRaisable = ({ scope }: Pick<LimitRef, "scope">): boolean => raisable[scope];

/** The limits that a person has set, in micro-dollars. Only the functions of this file make and read the keys. */
type RaisedLimits = Readonly<Record<string, MicroDollars>>;

const keyOf = ({ scope, owner }: LimitOwner): string => `${scope}:${owner}`;

/** Gives the amount that a person has set for this limit; undefined when nobody has. */
export const raisedLimit = (limits: RaisedLimits, limit: LimitOwner): MicroDollars | undefined =>
  limits[keyOf(limit)];

/** Adds a limit to those that a person has set. */
export const withRaisedLimit = (
  limits: RaisedLimits,
  limit: LimitRef,
): Record<string, MicroDollars> => ({
  ...limits,
  [keyOf(limit)]: limit.amount,
});
