import type { Json } from "../json.ts";
import { type MicroDollars, microDollars } from "./money.ts";

/** An amount as it was read, or a sentence that says what to write instead. */
export type ReadAmount = { amount: MicroDollars } | { problem: string };

const how = 'Write US dollars like "10", "$7.50" or "50 cents".';

const problem = (what: string): ReadAmount => ({ problem: `${what} ${how}` });

/** Members under which programs send an amount of dollars. */
const amountMembers = ["amount", "amount_usd", "limit", "limit_usd", "usd", "dollars"];

const unitNames = String.raw`us\s?dollars?|us\s?\$|\$\s?us|usd|dollars?|\$|cents?|ct|c|¢`;
const spelled = new RegExp(String.raw`^(${unitNames})?\s*(\S.*?)\s*(${unitNames})?$`, "i");

const isCents = (unit: string | undefined): boolean => /^(?:c|¢)/i.test(unit ?? "");

/** `1,000.50`, `1.000,50`, `1 000 000`, `1'000`: groups of three digits, then perhaps decimals. */
const grouped = /^(\d{1,3})([,. '’])(\d{3})((?:\2\d{3})*)(?:([.,])(\d+))?$/;
const plain = /^(\d*)(?:[.,](\d+))?$/;

const isTwofold = (digits: string): boolean => /^[1-9]\d{0,2}[.,]\d{3}$/.test(digits);

/** Reads digits with a point or a comma before the decimals, and with or without groups. Gives NaN for anything else. */
const numberIn = (digits: string): number => {
  const groups = grouped.exec(digits);
  if (groups && !/^0/.test(digits) && groups[2] !== groups[5]) {
    const [, first = "", , second = "", rest = "", , decimals = "0"] = groups;
    return Number(`${first}${second}${rest.replace(/\D/g, "")}.${decimals}`);
  }
  const parts = plain.exec(digits);
  if (!parts || digits === "") return Number.NaN;
  return Number(`${parts[1] || "0"}.${parts[2] ?? "0"}`);
};

const twofold = (digits: string): ReadAmount => {
  const thousands = digits.replace(/\D/g, "");
  const decimals = digits.endsWith("0") ? digits.slice(-3, -1) : `${digits.slice(-3)}0`;
  const small = `${digits.slice(0, -4)}.${decimals}`;
  return {
    problem: `"${digits}" can be read in two ways. Write "${thousands}" or "${small}".`,
  };
};

/** Characters of the longest text that can be an amount. */
const maxAmountCharacters = 60;

const shortened = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

const amountInText = (written: string): ReadAmount => {
  if (written.length > maxAmountCharacters) {
    return problem(`"${shortened(written)}" is no amount of US dollars.`);
  }
  const text = written.normalize("NFKC").replace(/\s+/g, " ").trim().replace(/\.$/, "");
  if (/^[^\d]*[-−–]\s*[$\d]/.test(text)) return problem("A limit cannot be negative.");
  const [, before, digits = "", after] = spelled.exec(text) ?? [];
  const number = numberIn(digits);
  const isOdd = before !== undefined && after !== undefined && isCents(before) !== isCents(after);
  if (Number.isNaN(number) || isOdd) {
    return problem(`"${shortened(text)}" is no amount of US dollars.`);
  }
  if (isTwofold(digits)) return twofold(digits);
  return { amount: microDollars(isCents(before ?? after) ? number / 100 : number) };
};

const amountInObject = (content: Readonly<Record<string, Json>>): ReadAmount => {
  const { currency, ...members } = content;
  const [name = "", ...others] = Object.keys(members);
  const isDollars = currency === undefined || /^usd$/i.test(String(currency));
  if (!amountMembers.includes(name) || others.length > 0 || !isDollars) {
    return problem('An object must be like {"amount": 10}, in US dollars.');
  }
  return amountIn(members[name] ?? null);
};

const amountIn = (content: Json): ReadAmount => {
  if (typeof content === "number") {
    if (content < 0) return problem("A limit cannot be negative.");
    return { amount: microDollars(content) };
  }
  if (typeof content === "string") return amountInText(content);
  if (content !== null && typeof content === "object" && !Array.isArray(content)) {
    return amountInObject(content);
  }
  return problem("Expected an amount of US dollars.");
};

/**
 * Reads an amount of US dollars as people and programs write it: `10`, `$0,50`, `USD 2`, `1,000.50`, `50 cents`,
 * `{"amount": 1}`. It refuses what can be read in two ways, such as `1,000`.
 *
 * @param bounds the least and the most that is taken, in micro-dollars
 */
export const readAmount = (
  content: Json,
  { min, max }: { min: MicroDollars; max: MicroDollars },
): ReadAmount => {
  const read = amountIn(content);
  if ("problem" in read) return read;
  if (read.amount < min) return problem("A limit must be more than nothing.");
  if (!(read.amount <= max)) {
    const dollars = (max / 1_000_000).toLocaleString("en-US", { useGrouping: false });
    return problem(`A limit is at most ${dollars} US dollars.`);
  }
  return read;
};
