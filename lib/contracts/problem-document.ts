import { type Problem, problems } from "../domain/problem.ts";

/** A problem as RFC 9457 writes it, for an answer or a frame. */
export const problemDocument = (problem: Problem, request_id: string) => {
  const { status, title } = problems[problem.code];
  return {
    ...problem.extensions,
    type: `/problems/${problem.code}`,
    title,
    status,
    detail: problem.message,
    instance: `/requests/${request_id}`,
    request_id,
  };
};
