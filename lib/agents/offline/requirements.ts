import { ProjectPlan } from "../contents/project-plan.ts";
import type { Requirement } from "../contents/software-specification.ts";
import { applyWishes } from "./apply-wishes.ts";
import type { Work } from "./brief.ts";
import { newest, newestAs, textsIn } from "./context.ts";
import { type Feature, featuresOf, withoutRepeats } from "./features.ts";
import { milestoneNames, planOf } from "./project-plan.ts";
import { clip, lower, quote } from "./text.ts";
import { type AccessKind, accessOf } from "./words.ts";

type Criteria = (phrase: string) => [string, string];

const maxRequirements = 60;

/** Acceptance criteria that a test can check, by what the feature does to the data. */
const criteria = {
  add: (phrase) => [
    `Whoever wants to ${phrase} gets a confirmation, and the result is there on the next look.`,
    `An attempt to ${phrase} without the necessary details is refused, and nothing is stored.`,
  ],
  read: (phrase) => [
    `Whoever wants to ${phrase} gets what is stored, the newest first.`,
    `When there is nothing to show, an attempt to ${phrase} gives an empty result and no error.`,
  ],
  change: (phrase) => [
    `Whoever wants to ${phrase} sees the change at once; the history says who changed it, and when.`,
    `Of two people who ${phrase} at the same moment and name the version they saw, the second is told and overwrites nothing.`,
  ],
  remove: (phrase) => [
    `Whoever wants to ${phrase} does it for their own entries only; others are refused.`,
    `A second attempt to ${phrase} changes nothing, and says so.`,
  ],
} as const satisfies Record<AccessKind, Criteria>;

const acceptance = ({ verb, title }: Feature): string[] => {
  if (verb !== "") return criteria[accessOf(verb)](lower(title));
  return [
    `A demonstration shows ${quote(title)} at work with realistic data.`,
    `An error in ${quote(title)} is reported in words that say what to do, and loses no data.`,
  ];
};

const priorityOf = ({ source, text }: Feature, index: number): Requirement["priority"] => {
  if (source === "proposal") return index < 2 ? "must" : "could";
  return index < 4 || source === "review" || / must /.test(text) ? "must" : "should";
};

const milestoneOf = (work: Work, index: number, count: number): string => {
  const building = planOf(work).milestones.filter(({ phase }) => phase === "build");
  const at = Math.min(building.length - 1, Math.floor((index * building.length) / count));
  return building[at]?.name ?? milestoneNames.first;
};

/** Reads the plan's goals that are not in the project's own text: a person may have changed the plan. */
const goalsOfPlan = ({ request, brief }: Work): Feature[] => {
  const known = new Set(brief.features.map(({ text }) => text));
  const goals =
    newestAs(request, "project_plan", ProjectPlan)?.goals ??
    textsIn(newest(request, "project_plan")?.content).slice(0, 8);
  const reading = { actor: "Users", product: brief.product, source: "plan" } as const;
  const read = goals
    .filter((goal) => !known.has(goal))
    .flatMap((goal) =>
      featuresOf(goal, reading)
        .slice(0, 1)
        .map((feature) => ({ ...feature, text: clip(goal, 400) })),
    );
  return applyWishes(read, brief.wishes);
};

/** Lists the requirements: the features of the brief, and the plan's further goals. */
export const requirementsOf = (work: Work): Requirement[] => {
  const all = withoutRepeats([...work.brief.features, ...goalsOfPlan(work)]).slice(
    0,
    maxRequirements,
  );
  return all.map((feature, index) => ({
    id: `R${index + 1}`,
    title: feature.title,
    text: feature.text,
    priority: priorityOf(feature, index),
    source: feature.source,
    milestone: milestoneOf(work, index, all.length),
    acceptance_criteria: acceptance(feature),
  }));
};
