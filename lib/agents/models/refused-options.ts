import type { Capabilities } from "../../settings/capabilities.ts";
import type { Complaint } from "./refusal-texts.ts";

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
export const refusing =
  /\bnot (?:be |currently |yet )*(?:supported|permitted|allowed|accepted|recogni[sz]ed|available|enabled|implemented|expected|a valid|compatible)|n(?:o|')t (?:currently |yet )?(?:support|accept|allow|take)|\b(?:un|in)(?:supported|recogni[sz]ed|known|expected|available|compatible)\b|\b(?:extra(?:neous)?|forbidden|deprecated|additional properties)\b|\b(?:cannot|can't|can not) (?:be )?(?:used?|combined?|set|specif(?:y|ied)|find)|\bmutually exclusive\b|\bbut not both\b|\benabled only\b|\bonly (?:the default|supports?|supported)|\bwithout support|\bsupports? (?:only|neither)|\bno endpoints? found that support|\brequires? --|不支持/i;

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
  "response_format|json_schema|json_object|text\\.format|output_config(?:\\.format)?|output_format|response_?(?:json_?)?schema|response_?mime_?type|structured[_ ]outputs?|guided_json|output_?config\\.text_?format";

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
      `\\b(?:${schemaNames})\\b|\\b(?:response|output) (?:format|schema|mime type)\\b|\\bjson (?:response|output)\\b|\\bjson[ _-](?:mode|schema)\\b|\\bgrammars?\\b`,
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

export const optionIn = (complaint: Complaint, sent: SentOptions): Taught | null => {
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

/** The role of the system prompt, and what servers say of it that do not know it. */
const systemRole =
  /\b(?:system|developer)[ _-](?:role|messages?|prompts?|instructions?)\b|\brole:? ['"`]?(?:system|developer)\b|['"`](?:system|developer)['"`] role|\broles? must alternate\b/i;

/** Reads that a model takes no message with the role `system`. */
export const systemIn = ({ words }: Complaint, { takes }: SentOptions): Taught | null => {
  const isRefused = refusing.test(words) || /\bmust alternate\b/i.test(words);
  return takes.system && systemRole.test(words) && isRefused
    ? { option: "system", takes: false, lasts: true }
    : null;
};

const mentionsSchema = rows.find(({ option }) => option === "schema")?.words ?? /$^/;
const mentionsTools = /\btools?\b|\bfunctions?\b/i;
const combining =
  /combin|together|along(?:side)?|simultaneous|at the same time|same request|\bboth\b|\bwith(?:out)?\b|\bwhen\b|\bif\b|\band\b/i;

/** The choice of tools that makes a model answer through a tool of its own, where that is how it is given the schema. */
const forcedChoice =
  /tool_?choice.{0,20}\b(?:any|required|tool|function|specific)\b|\bforced? tool/i;

/** Reads that a model cannot be made to answer through a tool: it may still have tools. */
export const forcedChoiceIn = (
  { field, words }: Complaint,
  { schema, tools }: SentOptions,
): Taught | null => {
  if (!schema || !refusing.test(words) || !forcedChoice.test(`${field ?? ""} ${words}`))
    return null;
  const option = tools.length > 0 ? "schema_with_tools" : "schema";
  return { option, takes: false, lasts: true };
};

/** Reads that a schema of the answer is not taken beside tools. */
export const combinationIn = (
  { words }: Complaint,
  { schema, tools }: SentOptions,
): Taught | null => {
  const fits =
    schema &&
    tools.length > 0 &&
    mentionsSchema.test(words) &&
    mentionsTools.test(words) &&
    combining.test(words) &&
    refusing.test(words);
  return fits ? { option: "schema_with_tools", takes: false, lasts: true } : null;
};

/** Names of the schema's machinery, as servers say them when they fail at this schema, or at the answer that it demands. */
const schemaFailures =
  /\b(?:json|schema)\b.{0,80}\b(?:complex|nest(?:ed|ing)|states|too (?:large|many|deep)|validat\w+|convert\w*|conversion|compil\w+|invalid|match)|\b(?:invalid|failed|generate)\b.{0,60}\b(?:json|schema)\b|\bgrammars?\b|\bconstraint\b.{0,20}\bstates\b|\bjson_validate_failed\b/i;

/** Words that say that a server does not know the type of the option, as opposed to this schema. */
const typeRefused = /\btype\b.{0,40}(?:must be|one of|allowed values)/i;

/** Reads that a server fails at this schema of the answer, in whatever words: the question is asked without it. */
export const schemaFailureIn = (
  { field, words }: Complaint,
  { schema }: SentOptions,
): Taught | null => {
  if (
    !schema ||
    (field !== null && aboutContent.test(field)) ||
    /\btools?\b|\bfunctions?\b/i.test(field ?? "")
  )
    return null;
  const isMeant = mentionsSchema.test(`${field ?? ""} ${words}`) || schemaFailures.test(words);
  return isMeant ? { option: "schema", takes: false, lasts: typeRefused.test(words) } : null;
};
