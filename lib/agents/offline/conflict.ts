import type { AgentRequest, Conflict } from "../context.ts";
import type { Directives } from "./directives.ts";

/** Gives the agent of the newest artifact that is not the task's own; the analyst when there is none. */
const opponentOf = ({ task, context }: AgentRequest): string =>
  context.findLast(
    ({ source_agent }) => source_agent !== "user" && source_agent !== task.agent_type,
  )?.source_agent ?? "analyst";

/** Gives the conflict that a directive orders for this run; undefined once the person has settled it. */
export const nextConflict = (
  { conflicts }: Directives,
  request: AgentRequest,
): Conflict | undefined => {
  const { task, rulings, answers } = request;
  const objection = `A directive makes the ${task.agent_type} object in ${task.name}.`;
  const isSettled = answers.some(({ question }) => question.includes(objection));
  if (isSettled || rulings.length >= conflicts) return undefined;
  return {
    with_agent: opponentOf(request),
    objection,
    proposal: `Let the ${task.agent_type} go on as its own task says.`,
  };
};
