import { type Requirement, SoftwareSpecification } from "../contents/software-specification.ts";
import { applyWishes } from "./apply-wishes.ts";
import type { Brief, Work } from "./brief.ts";
import { newestAs } from "./context.ts";
import { comesFrom, type Feedback, feedbackSection } from "./feedback.ts";
import { introduce } from "./project-plan.ts";
import { requirementsOf } from "./requirements.ts";
import { counted, lower, quote, sentence, singular, withArticle } from "./text.ts";
import { quoteWish } from "./wishes.ts";
import { type AccessKind, accessOf } from "./words.ts";

const benefits = {
  add: "my work is kept and others can rely on it",
  read: "I can decide without asking around",
  change: "the information stays right",
  remove: "only what matters stays in sight",
} as const satisfies Record<AccessKind, string>;

const userStories = ({ features }: Brief): string[] => {
  const people = features.filter(({ verb, actor }) => verb && !/^The /.test(actor)).slice(0, 4);
  const stories = people.map(
    ({ actor, verb, title }) =>
      `As ${withArticle(singular(lower(actor)))}, I want to ${lower(title)}, so that ${benefits[accessOf(verb)]}.`,
  );
  return stories.length > 0
    ? stories
    : [`As a user, I want ${quote(features[0]?.title ?? "")}, so that my work gets easier.`];
};

const leftOutLines = ({ leftOutByWish }: Brief): string[] => [
  ...new Set(
    leftOutByWish.map(({ what, said }) =>
      sentence(`${quote(what)} is left out, as was said: ${quoteWish(said)}`),
    ),
  ),
];

/** Writes the software specification. */
export const writeSpecification = (work: Work): SoftwareSpecification => {
  const { brief } = work;
  const requirements = requirementsOf(work);
  const musts = requirements.filter(({ priority }) => priority === "must").length;
  return {
    title: `Software specification: ${brief.name}`,
    overview: `${introduce(brief)} ${counted(requirements.length, "requirement")}, of which ${musts} must be met by the first release.`,
    requirements,
    user_stories: userStories(brief),
    non_functional: [
      ...brief.topics.map(({ quality }) => quality),
      `Nobody sees or changes ${brief.noun} of others without permission.`,
      "Every page works with a keyboard and a screen reader (WCAG 2.2, level AA).",
    ],
    out_of_scope: [
      "Native mobile apps: the first release runs in the browser or behind its interface.",
      ...(brief.leftOut > 0
        ? [
            `${counted(brief.leftOut, "statement")} of the description that the plan leaves for the second release.`,
          ]
        : []),
      ...leftOutLines(brief),
    ],
    feedback: feedbackSection(brief.feedback, (item) => takenUp(requirements, item)),
  };
};

const takenUp = (requirements: readonly Requirement[], item: Feedback): string =>
  requirements
    .filter(({ text }) => comesFrom(item, text))
    .map(({ id, title }) => `Requirement ${id}: ${title}.`)
    .join(" ");

/** Takes up what was said after the specification was written. New requirements come behind the others. */
const withWishes = (kept: SoftwareSpecification, work: Work): SoftwareSpecification => {
  const requirements = applyWishes(kept.requirements, work.brief.wishes);
  const added = requirementsOf(work).filter(
    ({ source, title }) =>
      source === "review" && !requirements.some((each) => each.title === title),
  );
  const last = Math.max(0, ...kept.requirements.map(({ id }) => Number(/\d+/.exec(id)?.[0] ?? 0)));
  return {
    ...kept,
    requirements: [
      ...(requirements.length > 0 ? requirements : kept.requirements),
      ...added.map((each, index) => ({ ...each, id: `R${last + 1 + index}` })),
    ],
    out_of_scope: [...new Set([...kept.out_of_scope, ...leftOutLines(work.brief)])],
  };
};

/** Gives the newest specification with what was said since; writes one when there is none. */
export const specificationOf = (work: Work): SoftwareSpecification => {
  const kept = newestAs(work.request, "software_specification", SoftwareSpecification);
  return kept ? withWishes(kept, work) : writeSpecification(work);
};
