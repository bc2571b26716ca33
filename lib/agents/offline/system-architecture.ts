import { type Interface, SystemArchitecture } from "../contents/system-architecture.ts";
import type { Work } from "./brief.ts";
import { componentsOf } from "./components.ts";
import { newestAs } from "./context.ts";
import { fieldNames } from "./entity-fields.ts";
import { cite, feedbackSection, unseen } from "./feedback.ts";
import { type ProgramPart, partsOf } from "./program/parts.ts";
import { routesOf } from "./program/routes.ts";
import { specificationOf } from "./software-specification.ts";
import { capital, counted, listed, lower, singular } from "./text.ts";

const maxInterfaces = 50;

const interfacesOf = (parts: readonly ProgramPart[]): Interface[] =>
  routesOf(parts)
    .map(({ requirement, behaviour, path }) => ({
      method: behaviour.method,
      path,
      purpose: requirement.title,
      requirement: requirement.id,
    }))
    .slice(0, maxInterfaces);

const entityOf = ({ name, fields }: ProgramPart) => ({
  entity: capital(singular(name.replaceAll("-", " "))),
  fields: fieldNames(fields),
});

const decisionsOf = (work: Work, upstream: unknown): SystemArchitecture["decisions"] => [
  ...unseen(work.brief.feedback, upstream).map((item) => ({
    decision: `Follow the review: ${cite(item)}.`,
    reason: "A person in charge asked for it after reading the work so far.",
  })),
  {
    decision: "One deployable service with a module for each component.",
    reason: "A small team can change it in one place; the modules' borders allow a split later.",
  },
  {
    decision: "Only the store knows the database.",
    reason: `${capital(work.brief.noun)} can move to another database without touching the rules.`,
  },
  ...work.brief.topics.map(({ mitigation, risk }) => ({
    decision: mitigation,
    reason: `Otherwise: ${lower(risk)}`,
  })),
];

/** Writes the system architecture. */
export const writeArchitecture = (work: Work): SystemArchitecture => {
  const { brief } = work;
  const specification = specificationOf(work);
  const components = componentsOf(specification.requirements);
  const parts = partsOf(specification.requirements, components);
  const names = components
    .filter(({ name }) => name !== "principles")
    .map(({ name }) => name.replaceAll("-", " "));
  return {
    title: `System architecture: ${brief.name}`,
    overview: `${brief.name} consists of ${counted(components.length, "component")}. ${capital(listed(names))} share one service; every request enters through its HTTP interface and ends in the store.`,
    components,
    interfaces: interfacesOf(parts),
    data_model: parts.map(entityOf),
    decisions: decisionsOf(work, specification),
    feedback: feedbackSection(brief.feedback, (item) =>
      unseen([item], specification).length > 0
        ? `Recorded as a decision: ${cite(item)}.`
        : "Comes in through the specification.",
    ),
  };
};

/** Gives the newest architecture; writes one when there is none. */
export const architectureOf = (work: Work): SystemArchitecture =>
  newestAs(work.request, "system_architecture", SystemArchitecture) ?? writeArchitecture(work);
