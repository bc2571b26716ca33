import type { AgentRequest, Conflict } from "../context.ts";
import type { Directives } from "./directives.ts";

/** Whose work is newest, beside the agent's own; with none there, the analyst's is what everything began with. */
const opponentOf = ({ task, context }: AgentRequest): string =>
  context.findLast(
    ({ source_agent }) => source_agent !== "user" && source_agent !== task.agent_type,
  )?.source_agent ?? "analyst";

/** The conflict that a directive orders for this try; none any more once the person has answered it. */
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
