import { isObject } from "../../domain/json.ts";
import type { AgentRequest } from "../context.ts";
import { textAt, textsIn } from "./context.ts";
import { stripDirectives } from "./directives.ts";
import { statementsIn } from "./read-statements.ts";
import { clip, counted, oneLine, quote } from "./text.ts";
import { quoteWish, readWish, type Wish } from "./wishes.ts";

/** Words of a person about the work so far, and what came of them. */
export type Feedback = {
  question: string;
  said: string;
  wishes: readonly Wish[];
  /** Sentences: what was taken up, and what was not. */
  done: readonly string[];
  open: readonly string[];
};

type Words = Pick<Feedback, "question" | "said" | "wishes">;

/** Responses to a failed task: they say nothing about the project. */
const steering = /^(?:retry|skip|cancel)$/i;
const maxLength = 1_000;
const maxCited = 240;
/** Most statements of one response that are read. */
const maxWishes = 20;

const sayings = (value: unknown): string[] =>
  [...new Set(textsIn(value))].filter((text) => !steering.test(text.trim()));

const wishesIn = (values: readonly unknown[]): Wish[] => {
  const texts = [...new Set(values.flatMap(statementsIn))].filter(
    (text) => !steering.test(text.trim()),
  );
  const more = texts.length - maxWishes;
  return [
    ...texts.slice(0, maxWishes).map((text) => readWish(clip(oneLine(text), maxLength))),
    ...(more > 0 ? [{ kind: "unclear" as const, said: `${counted(more, "more statement")}` }] : []),
  ];
};

const read = (question: string, ...values: readonly unknown[]): Words => ({
  question: clip(oneLine(stripDirectives(question)), maxCited),
  said: clip(oneLine(sayings(values).join(" – ")), maxLength),
  wishes: wishesIn(values),
});

const fromAnswers = (request: AgentRequest): Words[] =>
  request.answers.map(({ question, action, content, comment }) => {
    const words = read(question, content, comment);
    return words.said === "" && words.wishes.length === 0 && action === "approve"
      ? { ...words, said: "Approved." }
      : words;
  });

const fromArtifacts = (request: AgentRequest): Words[] =>
  request.context
    .filter((item) => item.artifact_type === "hitl_response")
    .map(({ content }) => read(textAt(content, "question"), content));

/** Reads what earlier documents say that people said: not every response is an artifact of its own. */
const fromRecords = (request: AgentRequest): Words[] =>
  request.context
    .filter(({ artifact_type }) => artifact_type !== "hitl_response")
    .flatMap(({ content }) =>
      isObject(content) && Array.isArray(content.feedback) ? content.feedback : [],
    )
    .map((item) => ({ said: textAt(item, "said"), question: textAt(item, "question") }))
    .filter(({ said }) => said !== "" && said !== "Approved.")
    .map(({ said, question }) => read(question, said));

/** Gives words that hold no text, such as `{ "printing": false }`, as the wishes that they are. */
const withSaid = (words: Words): Words => ({
  ...words,
  said: words.said || clip(words.wishes.map(({ said }) => said).join(" – "), maxLength),
});

/** Lists the feedback, oldest first. A response is also stored as an artifact; both count as one. */
export const feedbackOf = (request: AgentRequest): Words[] => {
  const answers = fromAnswers(request)
    .map(withSaid)
    .filter(({ said }) => said !== "");
  const earlier = [...fromArtifacts(request), ...fromRecords(request)]
    .map(withSaid)
    .filter(
      ({ said }, index, all) =>
        said !== "" &&
        !answers.some((answer) => answer.said.includes(said)) &&
        all.findIndex((other) => other.said === said) === index,
    );
  return [...earlier, ...answers];
};

/** Lists the feedback that was taken up, at least in part, and that the artifacts do not mention yet. */
export const unseen = (
  feedback: readonly Feedback[],
  ...artifacts: readonly unknown[]
): Feedback[] => {
  const known = textsIn(artifacts).join("\n");
  return feedback.filter(
    ({ said, done }) => done.length > 0 && !known.includes(clip(said, maxCited)),
  );
};

/**
 * Writes the section `feedback` of an artifact: what was taken up, and by name what was not.
 *
 * @param takenUp says what this artifact does about feedback that was taken up
 */
export const feedbackSection = (
  feedback: readonly Feedback[],
  takenUp: (item: Feedback) => string,
) =>
  feedback.map((item) => ({
    ...(item.question && { question: item.question }),
    said: item.said,
    taken_up: outcomeOf(item, takenUp),
  }));

const outcomeOf = (item: Feedback, takenUp: (item: Feedback) => string): string => {
  if (item.said === "Approved.") return "Work goes on as proposed.";
  const { done, open } = item;
  if (done.length + open.length === 0) return "Read as agreement; nothing is changed.";
  return [...done, ...open, ...(done.length > 0 ? [takenUp(item)] : [])].join(" ");
};

/** Tells whether a requirement's text quotes one of the wishes. */
export const comesFrom = ({ wishes }: Pick<Feedback, "wishes">, text: string): boolean =>
  wishes.some(({ said }) => text.includes(quoteWish(said)));

/** Writes the words of a person in quotes, as `cite` does. */
export const citedWords = ({ said }: Pick<Feedback, "said">): string => quote(clip(said, maxCited));

/** Writes “PostgreSQL” (on “Which database?”). */
export const cite = ({ question, said }: Feedback): string =>
  /\?$/.test(question) && question.length <= 80
    ? `${quote(clip(said, maxCited))} (on ${quote(question)})`
    : quote(clip(said, maxCited));
