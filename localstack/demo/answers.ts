import type { Gate } from "./view.ts";

export type RespondBody = {
  action: "approve" | "reject" | "amend";
  content?: string;
  comment?: string;
};

/** A response that a person can type, by its key or by its whole word. */
type Command = { key: string; word: string; answer: (text: string) => RespondBody };

const commented = (action: "approve" | "reject", text: string): RespondBody =>
  text ? { action, comment: text } : { action };

const approve: Command = {
  key: "a",
  word: "approve",
  answer: (text) => commented("approve", text),
};
const reject: Command = { key: "r", word: "reject", answer: (text) => commented("reject", text) };
const halt: Command = { key: "h", word: "halt", answer: (text) => commented("reject", text) };
const amend: Command = {
  key: "m",
  word: "amend",
  answer: (text) => ({ action: "amend", content: text }),
};

/** Gives an option's key: its first letter when no other option begins with it, otherwise its number. */
const choice = (option: string, index: number, options: readonly string[]): Command => {
  const initial = option.slice(0, 1).toLowerCase();
  const rivals = options.filter((other) => other.toLowerCase().startsWith(initial));
  const isFree = rivals.length === 1 && /[a-z]/.test(initial) && initial !== halt.key;
  return {
    key: isFree ? initial : String(index + 1),
    word: option,
    answer: () => ({ action: "amend", content: option }),
  };
};

/** Lists the possible responses: the options, or approve, reject and amend when there are none. */
export const commandsFor = ({ options }: Gate): readonly Command[] =>
  options.length > 0 ? [...options.map(choice), halt] : [approve, reject, amend];

/** Whether any text is a response: the question has no options and no artifacts to judge. */
export const takesText = ({ options, shows }: Gate) => options.length === 0 && !shows;

/** Writes "a[m]end", "[1] Postgres". */
export const labelOf = ({ key, word }: { key: string; word: string }) => {
  const at = word.toLowerCase().indexOf(key);
  return at < 0 ? `[${key}] ${word}` : `${word.slice(0, at)}[${key}]${word.slice(at + 1)}`;
};

/** Reads a typed line: a command, then a comment or the amendment. Gives null for any other line. */
export const readAnswer = (gate: Gate, line: string): RespondBody | null => {
  const typed = line.trim();
  const [, first = "", rest = ""] = /^(\S+)\s*([\s\S]*)$/.exec(typed) ?? [];
  const asked = commandsFor(gate);
  const whole = asked.find(({ word }) => word.toLowerCase() === typed.toLowerCase());
  if (whole) return whole.answer("");
  const name = first.toLowerCase();
  const command = asked.find(({ key, word }) => name === key || name === word.toLowerCase());
  if (command && !(takesText(gate) && rest && command !== amend)) return command.answer(rest);
  return takesText(gate) && typed ? { action: "amend", content: typed } : null;
};
