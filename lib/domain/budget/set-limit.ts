import { apply, type Change, type Edit, setProject } from "../change.ts";
import type { Json } from "../json.ts";
import { invalid } from "../problem.ts";
import { readAmount } from "./amount.ts";
import { isNearlyUsed, ledgerOfLimit } from "./budget.ts";
import { ledgerIn } from "./ledger.ts";
import { isRaisable, type LimitQuestion, limitRef, withRaisedLimit } from "./limit.ts";
import { answerLine } from "./line.ts";
import { type MicroDollars, microDollars, money } from "./money.ts";

const maxAgreedLimits = 50;
const maxLimit = microDollars(1_000_000);
const cent = microDollars(0.01);

const refuse = (detail: string) => invalid("#/body/content", detail);

const withAgreed = ({ project }: Pick<Change, "project">, limit: LimitQuestion) =>
  [...project.agreed_limits, limitRef(limit)].slice(-maxAgreedLimits);

/**
 * Notes that a person agreed to spend a limit beyond 90 %. It holds for this limit only: about a new one the person is asked
 * again.
 */
export const agreeToLimit =
  (about: LimitQuestion | null): Edit =>
  (change) => {
    if (!about) return change;
    if (about.kind === "used_up") return answerLine(about, {})(change);
    return apply(
      change,
      setProject({ agreed_limits: withAgreed(change, about) }),
      answerLine(about, { agreed: true }),
    );
  };

/** Writes the least limit that lets the work go on, in whole cents. */
const leastLimit = (amount: MicroDollars) => money(Math.ceil(amount / cent) * cent);

const checkIsEnough = (amount: MicroDollars, spent: MicroDollars, needed: MicroDollars) => {
  if (amount > spent && amount >= spent + needed) return;
  const next = needed > 0 ? `, and the next call needs ${money(needed)}` : "";
  const least = leastLimit(spent + Math.max(needed, 1));
  throw refuse(
    `With a limit of ${money(amount)} nothing could go on: ${money(spent)} are spent${next}. Write ${least} or more, or reject.`,
  );
};

/**
 * Reads the new limit from an amendment, in micro-dollars.
 *
 * @throws Problem `invalid-request` when the operator sets the limit, and for an amount that is none
 */
export const newLimitIn = (about: LimitQuestion | null, content: Json): MicroDollars => {
  if (!about || !isRaisable(about)) {
    throw refuse("The operator sets this limit: approve or reject.");
  }
  const read = readAmount(content, { min: 1, max: maxLimit });
  if ("problem" in read) throw refuse(read.problem);
  return read.amount;
};

/**
 * Sets the limit that a person was asked about. It must leave room for the next call. Where 90 % of the new limit are used
 * already, the person knows that: they are not asked about it again.
 *
 * @param content the amount, as the person wrote it
 * @throws Problem `invalid-request` when the operator sets the limit, and for an amount that is none or too small
 */
export const setLimit =
  (about: LimitQuestion | null, content: Json): Edit =>
  (change) => {
    const amount = newLimitIn(about, content);
    if (!about) return change;
    const { cost } = ledgerIn(change, ledgerOfLimit(about)).spend;
    const { needed = 0 } = about;
    checkIsEnough(amount, cost, needed);
    const limit = { ...about, amount };
    const agreed = isNearlyUsed(amount, cost + needed);
    return apply(
      change,
      setProject({
        raised_limits: withRaisedLimit(change.project.raised_limits, limit),
        ...(agreed && { agreed_limits: withAgreed(change, limit) }),
      }),
      answerLine(about, { limit: amount, agreed }),
    );
  };
