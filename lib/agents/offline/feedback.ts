import type { AgentRequest } from "../context.ts";
import { textAt, textsIn } from "./context.ts";
import { stripDirectives } from "./directives.ts";
import { clip, oneLine, quote } from "./text.ts";

/** Words of a person about the work so far. */
export type Feedback = { question: string; said: string };

/** Responses to a failed task: they say nothing about the project. */
const steering = /^(?:retry|skip|cancel)$/i;
const maxLength = 240;

const join = (texts: readonly string[]) =>
  clip(
    oneLine([...new Set(texts)].filter((text) => !steering.test(text.trim())).join(" – ")),
    maxLength,
  );

const fromAnswers = (request: AgentRequest): Feedback[] =>
  request.answers.map(({ question, action, content, comment }) => ({
    question: clip(oneLine(stripDirectives(question)), maxLength),
    said: join(textsIn([content, comment])) || (action === "approve" ? "Approved." : ""),
  }));

const fromArtifacts = (request: AgentRequest): Feedback[] =>
  request.context
    .filter((item) => item.artifact_type === "hitl_response")
    .map(({ content }) => ({
      question: clip(oneLine(textAt(content, "question")), maxLength),
      said: join(textsIn(content)),
    }));

/** Lists the feedback, oldest first. A response is also stored as an artifact; both count as one. */
export const feedbackOf = (request: AgentRequest): Feedback[] => {
  const answers = fromAnswers(request).filter(({ said }) => said !== "");
  const earlier = fromArtifacts(request).filter(
    ({ said }, index, all) =>
      said !== "" &&
      !answers.some((answer) => answer.said.includes(said)) &&
      all.findIndex((other) => other.said === said) === index,
  );
  return [...earlier, ...answers];
};

/** Lists the feedback that the artifacts do not mention yet. */
export const unseen = (
  feedback: readonly Feedback[],
  ...artifacts: readonly unknown[]
): Feedback[] => {
  const known = textsIn(artifacts).join("\n");
  return feedback.filter(({ said }) => said !== "Approved." && !known.includes(said));
};

/** Writes the section `feedback` of an artifact. */
export const feedbackSection = (
  feedback: readonly Feedback[],
  takenUp: (item: Feedback) => string,
) =>
  feedback.map((item) => ({
    ...(item.question && { question: item.question }),
    said: item.said,
    taken_up: item.said === "Approved." ? "Work goes on as proposed." : takenUp(item),
  }));

/** Writes “PostgreSQL” (on “Which database?”). */
export const cite = ({ question, said }: Feedback): string =>
  /\?$/.test(question) && question.length <= 80
    ? `${quote(said)} (on ${quote(question)})`
    : quote(said);
