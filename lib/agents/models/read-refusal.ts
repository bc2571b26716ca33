import { type Complaint, complaintsIn } from "./refusal-texts.ts";
import {
  combinationIn,
  forcedChoiceIn,
  optionIn,
  refusing,
  type SentOptions,
  schemaFailureIn,
  systemIn,
  type Taught,
} from "./refused-options.ts";

/** Words about the length of the prompt, which says nothing about options. */
const aboutLength =
  /context (?:length|window|size)|(?:prompt|input|messages?) (?:is|are) too long|reduce the length|too many input tokens/i;

const limitNames =
  /max_?(?:completion_|output_|new_)?tokens|maximum tokens|(?:output|completion) tokens/i;

const numbersIn = (words: string): number[] =>
  [...words.replaceAll(/(\d),(?=\d{3})/g, "$1").matchAll(/(?<![\w.-])\d+(?![\w.-]*[a-z-])/gi)].map(
    ([digits]) => Number(digits),
  );

/** Gives the largest number below `sent`: what the server takes. It is one less where the server says `less than`. */
const mostBelow = (words: string, sent: number): number | null => {
  const most = Math.max(0, ...numbersIn(words).filter((number) => number < sent));
  const isExclusive = new RegExp(`(?:less|lower|fewer|smaller) than ${most}\\b`, "i").test(words);
  const taken = isExclusive ? most - 1 : most;
  return taken >= 1 ? taken : null;
};

/** Reads which field limits the answer's length, or how long an answer may be. */
const outputLimitIn = ({ field, words }: Complaint, sent: SentOptions): Taught | null => {
  const { output_limit } = sent.takes;
  if (!limitNames.test(field ?? words)) return null;
  const other = output_limit === "max_tokens" ? "max_completion_tokens" : "max_tokens";
  if (
    output_limit !== "own" &&
    refusing.test(words) &&
    new RegExp(`\\b${output_limit}\\b`).test(field ?? words)
  ) {
    return { option: "output_limit", takes: other, lasts: true };
  }
  const most = mostBelow(words, sent.maxOutputTokens);
  // A limit of a few tokens is no limit of a model: the number means something else.
  if (most === null || most < 256) return null;
  return { option: "max_output_tokens", takes: most, lasts: true };
};

/** Reads how many tools a request may have. */
const toolCountIn = ({ field, words }: Complaint, { tools }: SentOptions): Taught | null => {
  const isAboutTools =
    /^(?:tools|functions|tool_?config(?:\.tools)?)$/i.test(field ?? "") ||
    /\b(?:tools|functions|function_?declarations)\b/i.test(words);
  if (
    !isAboutTools ||
    !/too (?:many|long|large)|at most|maximum|exceed|limit|no more than|<=/i.test(words)
  )
    return null;
  const most = mostBelow(words, tools.length);
  return most === null ? null : { option: "max_tools", takes: most, lasts: true };
};

/** Reads which tool's schema is refused: by its name, or its place in the list. */
const toolIn = ({ field, words }: Complaint, { tools }: SentOptions): Taught | null => {
  const [, name] = /\b(?:function|tool)\b[^'"`]{0,30}['"`]([\w-]{1,64})['"`]/i.exec(words) ?? [];
  if (name && tools.includes(name) && /schema|parameters|propert|invalid/i.test(words)) {
    return { tool: name };
  }
  const place =
    /function_?declarations[[./](\d+)/i.exec(field ?? words) ??
    /\btools[[./](\d+)\]?[./](?:custom|function|member|tool_?spec|input_?schema|parameters)/i.exec(
      field ?? words,
    );
  const tool = place ? tools[Number(place[1])] : undefined;
  return tool === undefined ? null : { tool };
};

/** What a complaint can be about, the more special first. */
const readers = [
  systemIn,
  toolIn,
  toolCountIn,
  forcedChoiceIn,
  combinationIn,
  outputLimitIn,
  optionIn,
];

/**
 * Reads which option of a request a server refuses by name, if it refuses one.
 *
 * @param error the SDK's error, with the server's answer
 * @returns null when the refusal is about something else, or about an option that the request did not have
 */
export const readRefusal = (error: unknown, sent: SentOptions): Taught | null => {
  const complaints = complaintsIn(error).filter(({ words }) => !aboutLength.test(words));
  const read = (by: typeof readers) =>
    complaints.flatMap((complaint) => by.flatMap((reader) => reader(complaint, sent) ?? []));
  const [taught = null] = [...read(readers), ...read([schemaFailureIn])];
  return taught;
};
