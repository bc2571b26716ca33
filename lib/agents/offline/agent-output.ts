import { agentDefinitions } from "../../catalog/load.ts";
import type { AgentAnswer } from "../contents/agent-answer.ts";
import type { Work } from "./brief.ts";
import { stripDirectives } from "./directives.ts";
import { type Feature, featuresOf } from "./features.ts";
import { cite, feedbackSection } from "./feedback.ts";
import { capital, clip, counted, listed, oneLine, quote, sentences } from "./text.ts";

type View = { next: string; response: (feature: Feature, noun: string) => string };

/** The sentences of each built-in agent about a point of its instructions. */
const views = {
  orchestrator: {
    next: "Hand each point to the agent named above, one after another.",
    response: ({ title }) =>
      `Goes first to the analyst, then to the coder; ${quote(title)} is done when the tester agrees.`,
  },
  analyst: {
    next: "Agree on one example for each point with the client.",
    response: (_, noun) =>
      `Wanted: one example with real ${noun}, and the exception that happens most often.`,
  },
  architect: {
    next: "Choose the simplest design that meets all points, and write down why.",
    response: (_, noun) =>
      `Belongs to the part that owns ${noun}; it needs no other part to know about it.`,
  },
  coder: {
    next: "Write a failing test for the first point, then the code.",
    response: ({ title }) =>
      `One function with one test; ${quote(title)} leaves the other functions as they are.`,
  },
  tester: {
    next: "Run the cases against the newest source code.",
    response: ({ title }) =>
      `Three cases: the usual one, one without details, and ${quote(title)} twice at the same moment.`,
  },
  deployer: {
    next: "Rehearse the steps once before they are done for real.",
    response: (_, noun) =>
      `Can be switched on without a pause; stored ${noun} stay readable before, during and after it.`,
  },
} as const satisfies Record<string, View>;

const viewOf = (agent_type: string): View => {
  if (Object.hasOwn(views, agent_type)) return views[agent_type as keyof typeof views];
  const { role = `The ${agent_type}`, responsibilities = [] } = agentDefinitions[agent_type] ?? {};
  return {
    next: `Take the points one by one, as the ${agent_type} is there to: ${responsibilities[0] ?? role}.`,
    response: ({ title }) =>
      `${quote(title)} is looked at by the ${agent_type}, whose part is: ${role}.`,
  };
};

const maxPoints = 6;

const basedOn = ({ request }: Work): string[] =>
  request.context
    .map(
      ({ artifact_type, version, source_agent }) =>
        `${artifact_type.replaceAll("_", " ")}, version ${version}, by the ${source_agent}`,
    )
    .slice(-10);

const points = ({ request, brief }: Work): Feature[] => {
  const instructions = clip(oneLine(stripDirectives(request.task.instructions)), 4_000);
  const reading = { actor: "Users", product: brief.product, source: "description" } as const;
  const read = sentences(instructions).length > 0 ? featuresOf(instructions, reading) : [];
  return (read.length > 0 ? read : brief.features).slice(0, maxPoints);
};

/** Writes the content of a task outside the workflow: an answer to each point of the instructions. */
export const writeAnswer = (work: Work): AgentAnswer => {
  const { brief, request } = work;
  const view = viewOf(request.task.agent_type);
  const asked = points(work);
  const name = oneLine(stripDirectives(request.task.name));
  return {
    title: `${clip(capital(name || request.task.agent_type), 80)}: ${brief.name}`,
    summary: `The ${request.task.agent_type} read ${counted(asked.length, "point")} for ${brief.name}: ${listed(asked.map(({ title }) => quote(title)))}.`,
    points: [
      ...asked.map((feature) => ({
        point: feature.title,
        response: view.response(feature, brief.noun),
      })),
      ...brief.feedback.map((item) => ({
        point: `Feedback: ${cite(item)}`,
        response: [...item.done, ...item.open].join(" ") || "Nothing in it asks for a change.",
      })),
    ],
    based_on: basedOn(work),
    next_steps: [view.next, `Settle: ${quote(brief.topics[0].question)}`],
    feedback: feedbackSection(brief.feedback, (item) => `Has a point of its own: ${cite(item)}.`),
  };
};
