import { type Fields, fieldsOf, listOf, textOf } from "./json-fields.ts";
import type { Part } from "./parts.ts";

/** One thing that people said about the work, and what the documents say became of it. */
type Review = { said: string; taken_up: string };

const reviewsIn = ({ artifact }: Part): Review[] =>
  listOf(fieldsOf(artifact.content).feedback).flatMap((item) => {
    const { said, taken_up } = fieldsOf(item);
    const [words, outcome] = [textOf(said), textOf(taken_up)];
    return words && outcome ? [{ said: words, taken_up: outcome }] : [];
  });

/**
 * Lists what people said about the work, each once. What became of it is told by the newest source code, which shows it, otherwise
 * by the newest document.
 */
export const reviewsOf = (parts: readonly Part[]): Review[] => {
  const byAge = parts.toSorted((a, b) => (a.artifact.updated_at < b.artifact.updated_at ? -1 : 1));
  const isCode = ({ artifact }: Part) => artifact.artifact_type === "source_code";
  const ordered = [...byAge.filter((part) => !isCode(part)), ...byAge.filter(isCode)];
  return [...new Map(ordered.flatMap(reviewsIn).map((each) => [each.said, each])).values()];
};

/** Gives the content of the newest final check: it has checks and a verdict, and no artifact type of its own. */
export const finalCheckOf = (parts: readonly Part[]): Fields =>
  fieldsOf(
    parts.findLast(({ artifact }) => {
      const { checks, verdict } = fieldsOf(artifact.content);
      return Array.isArray(checks) && typeof verdict === "string";
    })?.artifact.content,
  );
