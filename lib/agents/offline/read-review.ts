import { type Feature, featuresOf, type Reading } from "./features.ts";
import { cite, type Feedback } from "./feedback.ts";
import { capital, clip, lower, quote, sentence, withoutArticle } from "./text.ts";
import { isVerb } from "./words.ts";

const addition = /^(?:please\s+)?(?:also\s+)?(?:add|include|support|provide|offer)\s+(.+?)[.!]?$/i;

/** Reads a feature from a person's words; null for an order to the team ("Use PostgreSQL"). */
const readStatement = (said: string, reading: Reading): Feature | null => {
  const isOrder = isVerb(said.split(" ")[0]) || /^(?:please|we|i|you|let's)\b/i.test(said);
  const [read, ...more] = isOrder ? [] : featuresOf(said, reading);
  return read?.verb && more.length === 0 ? read : null;
};

/** Makes a feature of a review. Its text quotes the review. */
export const readReview = (feedback: Feedback, reading: Reading): Feature => {
  const cited = sentence(`The review says: ${cite(feedback)}`);
  const read = readStatement(feedback.said, reading);
  if (read) return { ...read, text: `${read.text} ${cited}` };
  const added = addition.exec(feedback.said)?.[1];
  const rest = { actor: reading.actor, verb: "", noun: "", source: reading.source };
  if (!added) return { ...rest, title: `Review: ${clip(feedback.said, 50)}`, text: cited };
  const includes = sentence(
    `${capital(reading.product)} includes ${quote(lower(clip(added, 120)))}`,
  );
  return { ...rest, title: capital(clip(withoutArticle(added), 60)), text: `${includes} ${cited}` };
};
