import { type Problem, problems } from "../domain/problem.ts";

/**
 * Makes the problem document of a problem, for an HTTP response or a frame.
 *
 * @param request_id the correlation id, which has this name on the wire
 * @see https://www.rfc-editor.org/rfc/rfc9457#section-3
 */
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
