import * as z from "zod";
import { truncate } from "../../domain/common.ts";
import { isObject, Json } from "../../domain/json.ts";
import { liftDefinitions } from "../../json-schema/lift-definitions.ts";
import { type AgentOutput, Conflict } from "../context.ts";
import { readAnswer } from "../replies/read-answer.ts";
import { testsPassed } from "../test-verdict.ts";

const Text = z.string().min(1);

/** The schema of a model reply: the artifact's content, and what the model thinks of it. */
const replySchema = (content: z.ZodType) =>
  z.object({
    content,
    summary: Text.meta({ description: "One sentence for the project's log." }),
    confidence: z
      .number()
      .min(0)
      .max(1)
      .meta({ description: "How sure you are that a demanding reviewer accepts this: 0 to 1." }),
    open_questions: z
      .array(Text)
      .optional()
      .meta({ description: "What you would ask the person, most important first." }),
    conflict: z.union([z.null(), Conflict]).optional().meta({
      description:
        "Only when another agent's work contradicts the person's wish or other work, so that yours would be wrong either way.",
    }),
  });

type ModelReply = {
  content: unknown;
  summary: string;
  confidence: number;
  open_questions?: string[] | undefined;
  conflict?: Conflict | null | undefined;
};

type Node = { [key: string]: unknown };

/** Names of dialects, and the bounds that zod gives to every whole number: providers need neither. */
const isNoise = (key: string, value: unknown) =>
  key === "$schema" ||
  key === "~standard" ||
  value === Number.MAX_SAFE_INTEGER ||
  value === Number.MIN_SAFE_INTEGER;

/** Adds `additionalProperties: false` to every object, as the providers require. */
const closeObjects = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(closeObjects);
  if (!isObject(value)) return value;
  const copy = Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !isNoise(key, inner))
      .map(([key, inner]) => [key, closeObjects(inner)]),
  );
  return copy.type === "object" && copy.properties && copy.additionalProperties === undefined
    ? { ...copy, additionalProperties: false }
    : copy;
};

export type ReplyFormat = { schema: z.ZodType; json: Node };

/** Gives the schema of a model reply, for the validator (`schema`) and for the wire (`json`). */
export const replyFormat = (content: z.ZodType): ReplyFormat => {
  const schema = replySchema(content);
  const written = liftDefinitions(z.toJSONSchema(schema, { io: "input" }), "content");
  return { schema, json: closeObjects(written) as Node };
};

/** A model's reply with the mends that it took, in words for the log; or what is wrong, in words for the model. */
export type ParsedReply = { reply: ModelReply; mends: string[] } | { problems: string };

/** Reads a model's text as a reply: the last whole object in it that meets the schema. */
export const readReply = (format: ReplyFormat, text: string): ParsedReply => {
  const answer = readAnswer(format, text);
  if ("error" in answer) {
    const { error } = answer;
    return { problems: error ? z.prettifyError(error) : "The answer is not one JSON object." };
  }
  const reply = answer.value as ModelReply;
  const stored = Json.safeParse(reply.content);
  return stored.success
    ? { reply, mends: answer.mends }
    : { problems: z.prettifyError(stored.error) };
};

/** Gives the conflict that a reply reports; null without one, or when its agent does not exist. */
export const conflictIn = (
  { conflict }: ModelReply,
  agents: readonly string[],
): Conflict | null => {
  if (!conflict) return null;
  const with_agent = conflict.with_agent.trim().toLowerCase();
  return agents.includes(with_agent) ? { ...conflict, with_agent } : null;
};

const maxQuestions = 10;
/** Characters of one question. */
const maxQuestionCharacters = 500;

/** Lists the questions for the person: open questions, and a conflict that has no mediator. */
const questionsIn = ({ open_questions = [], conflict }: ModelReply): string[] =>
  [...open_questions, ...(conflict ? [`${conflict.objection} ${conflict.proposal}`] : [])]
    .slice(0, maxQuestions)
    .map((question) => truncate(question, maxQuestionCharacters));

/** The content of an output; with the version that it is an edit of (`edited_from`), for the artifact's metadata. */
export type CompleteContent = {
  content: unknown;
  edited_from?: { [key: string]: Json } | undefined;
};

type OutputOrigin = Pick<CompleteContent, "edited_from"> & {
  /** Whether it is a tester's. */
  isTest: boolean;
  /** The model. */
  written_by: string;
};

/** Makes an agent's output of a model reply. */
export const outputOf = (
  reply: ModelReply,
  { isTest, written_by, edited_from }: OutputOrigin,
): AgentOutput => {
  const { content, summary, confidence } = reply;
  const open_questions = questionsIn(reply);
  return {
    kind: "output",
    content: content as Json,
    summary,
    confidence,
    open_questions,
    metadata: {
      written_by,
      ...(edited_from && { edited_from }),
      ...(open_questions.length > 0 && { open_questions }),
    },
    ...(isTest && { tests_passed: testsPassed(content) }),
  };
};
