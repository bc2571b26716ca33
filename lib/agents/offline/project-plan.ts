import { ProjectPlan } from "../contents/project-plan.ts";
import type { Brief, Work } from "./brief.ts";
import { newestAs } from "./context.ts";
import { type Feature, mention } from "./features.ts";
import { feedbackSection } from "./feedback.ts";
import { capital, counted, listed, quote, sentence } from "./text.ts";

/** Writes "Cookbook is the planned recipe sharing site for home cooks." */
export const introduce = ({ name, opening, product, audience }: Brief): string => {
  if (opening === "")
    return `${name} is planned from its name alone; the client has yet to describe it.`;
  if (product === "the product") return `${name}, in the client's words: ${quote(opening)}.`;
  return `${name} is ${product.replace(/^the /, "the planned ")}${audience && ` for ${audience}`}.`;
};

const firstHalf = (features: readonly Feature[]) => Math.ceil(features.length / 2);
const titles = (features: readonly Feature[]) => listed(features.map(mention));

export const milestoneNames = {
  first: "First usable version",
  second: "Complete version",
} as const;

const milestones = ({ name, features, noun }: Brief): ProjectPlan["milestones"] => {
  const middle = firstHalf(features);
  return [
    {
      name: "Plan agreed",
      phase: "discovery",
      outcome: `Goals, risks and open questions of ${name} are to be settled.`,
    },
    {
      name: "Requirements agreed",
      phase: "plan",
      outcome: `${counted(features.length, "requirement")}, each to have criteria that a test can check.`,
    },
    {
      name: "Design ready",
      phase: "design",
      outcome: `Components, interfaces and data of ${name} are to be drawn up, with ${noun} at the centre.`,
    },
    {
      name: milestoneNames.first,
      phase: "build",
      outcome: sentence(`Is to work end to end: ${titles(features.slice(0, middle))}`),
    },
    {
      name: milestoneNames.second,
      phase: "build",
      outcome:
        features.length > middle
          ? sentence(`Is to work as well: ${titles(features.slice(middle))}`)
          : "The first version is to be reviewed and refined.",
    },
    {
      name: "Tested",
      phase: "validate",
      outcome: "Every requirement is to have a test that passes.",
    },
    {
      name: "Launched",
      phase: "launch",
      outcome: `${name} is to be deployed, and to pass its final check.`,
    },
  ];
};

const assumptions = ({ features, audience, leftOut, topics }: Brief): string[] => [
  `${audience ? capital(audience) : (features.find(({ verb, actor }) => verb && !actor.startsWith("The "))?.actor ?? "Users")} come first: a feature nobody of them asked for waits.`,
  ...(features.some(({ source }) => source === "proposal")
    ? [
        `The description leaves room, so what is usual for a project of this kind (${topics[0].name}) is proposed.`,
      ]
    : []),
  ...(leftOut > 0
    ? [`${counted(leftOut, "more statement")} of the description wait for the second release.`]
    : []),
  "Sign-in is bought or reused; it is not written for this project.",
];

const openQuestions = ({ topics, feedback, audience, name }: Brief): string[] => {
  const answered = new Set(feedback.map(({ question }) => question));
  return [
    ...topics.map(({ question }) => question),
    ...(audience ? [] : [`Who is ${name} for in the first place?`]),
    "By what will we see after three months that it was worth building?",
  ].filter((question) => !answered.has(question));
};

const unclear = ({ features }: Brief): ProjectPlan["risks"] =>
  features
    .filter(({ verb, source }) => verb === "" && source !== "review")
    .slice(0, 2)
    .map(({ title }) => ({
      risk: `${quote(title)} can be understood in more than one way.`,
      mitigation: "Agree on an example with the client before it is designed.",
    }));

/** Writes the project plan. */
export const writePlan = ({ brief }: Work): ProjectPlan => ({
  title: `Project plan: ${brief.name}`,
  summary: `${introduce(brief)} The plan leads through ${counted(milestones(brief).length, "milestone")} to a launch; in the first version: ${titles(brief.features.slice(0, firstHalf(brief.features)))}.`,
  goals: brief.features.map(({ text }) => text),
  milestones: milestones(brief),
  risks: [
    ...brief.topics.map(({ risk, mitigation }) => ({ risk, mitigation })),
    ...unclear(brief),
    {
      risk: "The scope grows while it is being built.",
      mitigation: `New wishes go behind the milestone “${milestoneNames.second}”.`,
    },
  ],
  assumptions: assumptions(brief),
  open_questions: openQuestions(brief),
  feedback: feedbackSection(brief.feedback, () => "The goals say so."),
});

/** Gives the newest project plan; writes one when there is none. */
export const planOf = (work: Work): ProjectPlan =>
  newestAs(work.request, "project_plan", ProjectPlan) ?? writePlan(work);
