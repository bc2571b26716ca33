import type { AgentRequest, AgentResult, AgentTools, Conflict, Ruling } from "../agents/agent.ts";
import type { AgentType } from "../domain/agent.ts";
import { cut } from "../domain/common.ts";
import type { Json } from "../domain/json.ts";

export type RunAgent = (
  type: AgentType,
  request: AgentRequest,
  tools: AgentTools,
) => Promise<AgentResult>;

/** A conflict goes to the mediator this often before it goes to a person. */
const mediatedAttempts = 3;

const mediator = "orchestrator";

const instructions = ({ with_agent, objection, proposal }: Conflict, agent: AgentType): string =>
  [
    `The ${agent} and the ${with_agent} are in conflict, and the ${agent} cannot go on. Rule between them.`,
    `Objection of the ${agent}: ${objection}`,
    `What the ${agent} proposes: ${proposal}`,
    "Say whose word counts and what the agent is to do now, so that the person's own wish is met.",
  ].join("\n");

const toMediator = (request: AgentRequest, conflict: Conflict): AgentRequest => ({
  ...request,
  task: {
    ...request.task,
    name: "Mediation",
    agent_type: mediator,
    step: null,
    output_type: "agent_output",
    instructions: cut(instructions(conflict, request.task.agent_type), 20_000),
    handoff: null,
  },
  mediates: conflict,
  transcript: null,
});

const toHuman = ({ task }: AgentRequest, conflict: Conflict, rulings: readonly Ruling[]) => {
  const { with_agent, objection, proposal } = conflict;
  const question = `${task.name}: the ${task.agent_type} and the ${with_agent} still disagree after ${rulings.length} mediated attempts. Objection: ${objection} Proposal: ${proposal} What holds?`;
  return { kind: "question", question, options: ["As proposed", "As it was"] } as const;
};

const settled = (result: AgentResult): Json => (result.kind === "output" ? result.content : null);

/**
 * Runs an agent; a conflict with another agent's work goes to the orchestrator, whose ruling the agent gets with its next
 * try, and to a person when it is still there after three rulings. When a budget stops the mediator, the agent begins anew
 * after the answer: it could not go on from the mediator's transcript.
 */
export const runMediated = async (
  run: RunAgent,
  asked: AgentRequest,
  tools: AgentTools,
): Promise<Exclude<AgentResult, { kind: "conflict" }>> => {
  const { agent_type } = asked.task;
  let request = asked;
  for (;;) {
    const result = await run(agent_type, request, tools);
    if (result.kind !== "conflict") return result;
    const { conflict } = result;
    const { rulings } = request;
    if (rulings.length >= mediatedAttempts) return toHuman(request, conflict, rulings);
    const round = `${rulings.length + 1} of ${mediatedAttempts}`;
    await tools.say(`Conflict with the ${conflict.with_agent}: ${conflict.objection}`);
    await tools.say(`The orchestrator mediates, attempt ${round}.`);
    const ruled = await run(mediator, toMediator(request, conflict), tools);
    if (ruled.kind === "budget" || ruled.kind === "question") {
      const { transcript: _, ...asked } = ruled;
      return asked;
    }
    request = {
      ...request,
      transcript: null,
      rulings: [...rulings, { ...conflict, ruling: settled(ruled) }],
    };
  }
};
