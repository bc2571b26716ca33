import {
  type AgentContext,
  type AgentRequest,
  type AgentResult,
  type Conflict,
  KeptRun,
  type Ruling,
} from "../../agents/context.ts";
import { truncate } from "../../domain/common.ts";
import { canonicalJson, type Json } from "../../domain/json.ts";
import type { AgentType } from "../../domain/project/agent.ts";

export type RunAgent = (
  type: AgentType,
  request: AgentRequest,
  context: AgentContext,
) => Promise<AgentResult>;

/** Rulings of the mediator before a conflict goes to a person. */
const maxRulings = 3;

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
    instructions: truncate(instructions(conflict, request.task.agent_type), 20_000),
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

const toKeptRun = (rulings: readonly Ruling[], transcript: Json = null): Json =>
  rulings.length > 0 || transcript !== null ? { rulings: [...rulings], transcript } : null;

const restore = (request: AgentRequest): AgentRequest => {
  const parsed = KeptRun.safeParse(request.transcript);
  return { ...request, ...(parsed.success && parsed.data) };
};

const withCheckpoint = (context: AgentContext, rulings: readonly Ruling[]): AgentContext => ({
  ...context,
  checkpoint: (transcript) => context.checkpoint(toKeptRun(rulings, transcript)),
});

/** Characters that are kept of each part of a conflict, and of a ruling: the agent reads no more. */
const maxConflictCharacters = 2_000;
const maxRulingCharacters = 6_000;

const inWords = (ruling: Json): string =>
  ruling === null
    ? "nothing."
    : truncate(typeof ruling === "string" ? ruling : canonicalJson(ruling), 1_000);

/** Gives the ruling of the mediator; of a long one, the beginning of its text. Null when it did not rule. */
const rulingOf = (result: AgentResult): Json => {
  if (result.kind !== "output") return null;
  const text = JSON.stringify(result.content);
  return text.length > maxRulingCharacters ? truncate(text, maxRulingCharacters) : result.content;
};

const shortened = ({ with_agent, objection, proposal }: Conflict): Conflict => ({
  with_agent,
  objection: truncate(objection, maxConflictCharacters),
  proposal: truncate(proposal, maxConflictCharacters),
});

type FinalResult = Exclude<AgentResult, { kind: "conflict" }>;

const withRulings = (result: FinalResult, rulings: readonly Ruling[]): FinalResult =>
  result.kind === "output"
    ? result
    : { ...result, transcript: toKeptRun(rulings, result.transcript) };

/**
 * Runs an agent and settles its conflicts with the work of other agents. On a conflict the orchestrator rules, and the
 * agent runs again with this ruling. After three rulings, a further conflict goes to a person. Rulings are kept for later
 * attempts. When the mediator itself asks, or a budget stops it, the agent begins anew after the answer: it cannot
 * continue from the mediator's transcript.
 *
 * @throws whatever `run` and the checkpoint throw: AgentError, LeaseLost
 */
export const runMediated = async (
  run: RunAgent,
  initial: AgentRequest,
  context: AgentContext,
): Promise<FinalResult> => {
  const { agent_type } = initial.task;
  let request = restore(initial);
  for (;;) {
    const { rulings } = request;
    const result = await run(agent_type, request, withCheckpoint(context, rulings));
    if (result.kind !== "conflict") return withRulings(result, rulings);
    const { conflict } = result;
    if (rulings.length >= maxRulings) return toHuman(request, conflict, rulings);
    const round = `${rulings.length + 1} of ${maxRulings}`;
    await context.say(`Conflict with the ${conflict.with_agent}: ${conflict.objection}`);
    await context.say(`The orchestrator mediates, attempt ${round}.`);
    const ruled = await run(mediator, toMediator(request, conflict), context);
    if (ruled.kind === "budget" || ruled.kind === "question") {
      return withRulings({ ...ruled, transcript: null }, rulings);
    }
    const ruling = rulingOf(ruled);
    await context.say(`The orchestrator rules: ${inWords(ruling)}`);
    const all = [...rulings, { ...shortened(conflict), ruling }];
    await context.checkpoint(toKeptRun(all));
    request = { ...request, transcript: null, rulings: all };
  }
};
