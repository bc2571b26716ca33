import type { Capabilities } from "../../settings/capabilities.ts";
import { type Complaint, complaintsIn } from "./refusal-texts.ts";

/** What a request had, as far as a server may refuse it. */
export type SentOptions = {
  takes: Capabilities;
  /** Whether the answer's schema was in a field of its own. */
  schema: boolean;
  temperature: boolean;
  reasoning_effort: boolean;
  /** The names of its tools, in their order. */
  tools: readonly string[];
  maxOutputTokens: number;
};

/** What a refusal shows: what a model takes of an option, or that one tool cannot be sent. */
export type Taught =
  | {
      option: keyof Capabilities;
      takes: false | string | number;
      /** False: it is about the value that was sent, so another request may have the option. */
      lasts: boolean;
    }
  | { tool: string };

/** Words with which servers refuse an option. */
const refusing =
  /\bnot (?:be |currently |yet )*(?:supported|permitted|allowed|accepted|recogni[sz]ed|available|enabled|implemented|expected|a valid|compatible)|n(?:o|')t (?:currently |yet )?(?:support|accept|allow|take)|\b(?:un|in)(?:supported|recogni[sz]ed|known|expected|available|compatible)\b|\b(?:extra(?:neous)?|forbidden|deprecated|additional properties)\b|\bcannot (?:be )?(?:used|combined|set|specified|find)|\bonly (?:the default|supports?|supported)|\bwithout support|\bsupports? (?:only|neither)|\bno endpoints? found that support|\brequires? --|不支持/i;

/** Words about the length of the prompt, which says nothing about options. */
const aboutLength =
  /context (?:length|window|size)|(?:prompt|input|messages?) (?:is|are) too long|reduce the length|too many input tokens/i;

/** Fields that hold what was asked, not how. */
const aboutContent = /^(?:messages|input|contents?|prompt|system|instructions|model)\b/i;

/** A name as servers set it off from other words. */
const named = (names: string): RegExp =>
  new RegExp(
    `[\`'"“‘([]\\s*(?:${names})\\s*[\`'"”’)\\],:]|\\b(?:parameters?|arguments?|params?|fields?|propert(?:y|ies)|keys?|names?|options?|inputs?|supplied|supports?|support for|take|takes|accept|accepts)\\b:? *(?:the )?(?:[\\w.]+, )*(?:${names})\\b|^(?:the )?(?:${names})\\b`,
    "i",
  );

type Row = {
  option: keyof Capabilities;
  /** The path of the field that is refused. */
  field: RegExp;
  words: RegExp;
  sent: (sent: SentOptions) => boolean;
};

const schemaNames =
  "response_format|json_schema|json_object|text\\.format|output_config(?:\\.format)?|output_format|response_?(?:json_?)?schema|response_?mime_?type|structured[_ ]outputs?|guided_json";

/** The options that a server may refuse by name, the more special ones first. */
const rows: readonly Row[] = [
  {
    option: "stream_options",
    field: /^stream_options\b/,
    words: /\bstream_options\b|\binclude_usage\b/i,
    sent: ({ takes }) => takes.stream_options,
  },
  {
    option: "parallel_tools",
    field: /parallel_tool|disable_parallel/,
    words:
      /\b(?:disable_)?parallel[_ ]tool[_ ](?:calls?|use)\b|\bparallel (?:tool|function)[- ]call/i,
    sent: ({ takes }) => takes.parallel_tools,
  },
  {
    option: "cache_control",
    field: /cache_?(?:control|point)/i,
    words: /\bcache_?(?:control|point)s?\b|\bprompt caching\b/i,
    sent: ({ takes }) => takes.cache_control === "explicit",
  },
  {
    option: "store",
    field: /^store$/,
    words: named("store"),
    sent: ({ takes }) => takes.store,
  },
  {
    option: "include",
    field: /^include\b/,
    words: named("include|reasoning\\.encrypted_content"),
    sent: ({ takes }) => takes.include,
  },
  {
    option: "reasoning_effort",
    field: /^(?:reasoning|thinking|output_config\.effort|generation_?config\.thinking)/i,
    words:
      /\breasoning[_. ]?effort\b|\breasoning\.summary\b|\bthinking_?(?:config|level|budget)\b|\boutput_config\.effort\b|['"`](?:reasoning|thinking|effort)['"`]|\bextended thinking\b/i,
    sent: ({ reasoning_effort }) => reasoning_effort,
  },
  {
    option: "temperature",
    field: /(?:^|[.\]])temperature$/,
    words: /\btemperature\b/i,
    sent: ({ temperature }) => temperature,
  },
  {
    option: "schema",
    field: new RegExp(`(?:^|\\.)(?:${schemaNames})\\b`, "i"),
    words: new RegExp(
      `\\b(?:${schemaNames})\\b|\\bresponse (?:format|schema|mime type)\\b|\\bjson[ _-](?:mode|schema)\\b`,
      "i",
    ),
    sent: ({ schema }) => schema,
  },
  {
    option: "tools",
    field: /^(?:tools|tool_choice|tool_?config|functions?)$/i,
    words:
      /\b(?:supports?|use|using|handle) (?:of )?(?:tools?|functions?)\b|\btool[ _-]?(?:use|choice|calling|calls)\b|\bfunction[ _-]calling\b|['"`](?:tools|functions|tool_choice|toolConfig)['"`]|^(?:auto )?tool\b|\btools param\b|: tools?\b/i,
    sent: ({ tools, schema }) => tools.length > 0 || schema,
  },
];

const isAbout = ({ option, field, words }: Row, complaint: Complaint): boolean => {
  if (complaint.field === null) return words.test(complaint.words);
  if (aboutContent.test(complaint.field) && option !== "cache_control") return false;
  return field.test(complaint.field);
};

/** Words about a value: another one may be taken. */
const aboutValue =
  /unsupported value|invalid value|\bmust be\b|\bbetween\b|\brange\b|(?:less|greater) than|[<>]=|\bmay only be set\b/i;
const onlyDefault = /only the default/i;

const optionIn = (complaint: Complaint, sent: SentOptions): Taught | null => {
  const isPlain = refusing.test(complaint.words);
  const isValue = aboutValue.test(complaint.words) && !onlyDefault.test(complaint.words);
  const row = rows.find((each) => each.sent(sent) && isAbout(each, complaint));
  if (!row) return null;
  const isChoice = row.option === "temperature" || row.option === "reasoning_effort";
  if (!isPlain && !(isChoice && isValue)) return null;
  // The schema may have gone out as a tool of its own.
  const option = row.option === "tools" && sent.tools.length === 0 ? "schema" : row.option;
  if (option === "cache_control") return { option, takes: "none", lasts: true };
  return { option, takes: false, lasts: !(isChoice && isValue) };
};

const mentionsSchema = rows.find(({ option }) => option === "schema")?.words ?? /$^/;
const mentionsTools = /\btools?\b|\bfunctions?\b/i;
const combining =
  /combin|together|along(?:side)?|simultaneous|at the same time|same request|\bboth\b|\bwith(?:out)?\b|\bwhen\b|\bif\b|\band\b/i;

/** Reads that a schema of the answer is not taken beside tools. */
const combinationIn = ({ words }: Complaint, { schema, tools }: SentOptions): Taught | null => {
  const fits =
    schema &&
    tools.length > 0 &&
    mentionsSchema.test(words) &&
    mentionsTools.test(words) &&
    combining.test(words) &&
    refusing.test(words);
  return fits ? { option: "schema_with_tools", takes: false, lasts: true } : null;
};

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
    /\btools[[.](\d+)\]?\.(?:custom|function|member|tool_?spec|input_?schema|parameters)/i.exec(
      field ?? words,
    ) ?? /function_?declarations[[.](\d+)/i.exec(field ?? words);
  const tool = place ? tools[Number(place[1])] : undefined;
  return tool === undefined ? null : { tool };
};

/** Reads that this schema of the answer is refused; another one may be taken. */
const schemaIn = ({ words }: Complaint, { schema }: SentOptions): Taught | null =>
  schema &&
  /invalid (?:json )?schema for (?:response_format|text\.format|output_config|answer)/i.test(words)
    ? { option: "schema", takes: false, lasts: false }
    : null;

const readers = [schemaIn, toolIn, toolCountIn, combinationIn, outputLimitIn, optionIn];

/**
 * Reads which option of a request a server refuses by name, if it refuses one.
 *
 * @param error the SDK's error, with the server's answer
 * @returns null when the refusal is about something else, or about an option that the request did not have
 */
export const readRefusal = (error: unknown, sent: SentOptions): Taught | null => {
  const complaints = complaintsIn(error).filter(({ words }) => !aboutLength.test(words));
  for (const complaint of complaints) {
    for (const read of readers) {
      const taught = read(complaint, sent);
      if (taught) return taught;
    }
  }
  return null;
};
