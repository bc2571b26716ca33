import * as z from "zod";
import type { MicroDollars } from "./money.ts";

export const scopes = ["task", "project", "tenant", "day"] as const;
export type Scope = (typeof scopes)[number];

/** Names one limit, so that what a person said of it holds for this one and no other. */
export const LimitRef = z.object({
  scope: z.enum(scopes),
  /** A task's id, a day's date, or `all`. */
  owner: z.string(),
  /** In micro-dollars. */
  amount: z.int().nonnegative(),
});
export type LimitRef = z.infer<typeof LimitRef>;

/** The limit that a person is asked about, and how far it is used up. */
export const LimitQuestion = LimitRef.extend({ kind: z.enum(["nearly", "used_up"]) });
export type LimitQuestion = z.infer<typeof LimitQuestion>;

/** Whose limit it is, whatever its amount. */
type LimitOwner = Pick<LimitRef, "scope" | "owner">;

/** The limit alone, without what else an object has. */
export const limitRef = ({ scope, owner, amount }: LimitRef): LimitRef => ({
  scope,
  owner,
  amount,
});

export const isSameLimit = (one: LimitRef, other: LimitRef): boolean =>
  one.scope === other.scope && one.owner === other.owner && one.amount === other.amount;

const raisable = { task: true, project: true, tenant: false, day: false } as const;

/** A person sets a task's or project's limit; the tenant's and the day's are the operator's. */
export const isRaisable = ({ scope }: Pick<LimitRef, "scope">): boolean => raisable[scope];

/** The amounts that a person has set, in micro-dollars. Only the two functions below know the keys. */
type RaisedLimits = Readonly<Record<string, MicroDollars>>;

const keyOf = ({ scope, owner }: LimitOwner): string => `${scope}:${owner}`;

/** What a person has set as this limit; undefined where nobody has. */
export const raisedLimit = (limits: RaisedLimits, limit: LimitOwner): MicroDollars | undefined =>
  limits[keyOf(limit)];

export const withRaisedLimit = (
  limits: RaisedLimits,
  limit: LimitRef,
): Record<string, MicroDollars> => ({
  ...limits,
  [keyOf(limit)]: limit.amount,
});
