import type { Requirement } from "../contents/software-specification.ts";
import { type Component, SystemArchitecture } from "../contents/system-architecture.ts";
import type { Work } from "./brief.ts";
import { componentsOf, subjectOf, verbOf } from "./components.ts";
import { newestAs } from "./context.ts";
import { fieldsOf } from "./entity-fields.ts";
import { cite, feedbackSection, unseen } from "./feedback.ts";
import { slug } from "./slug.ts";
import { specificationOf } from "./software-specification.ts";
import { capital, counted, listed, lower, singular } from "./text.ts";
import { type AccessKind, accessOf, connectors, fillers } from "./words.ts";

type Interface = SystemArchitecture["interfaces"][number];

const withoutData = /^(?:store|common|principles)$/;
const maxInterfaces = 10;

const routes = {
  add: { method: "POST", suffix: "" },
  read: { method: "GET", suffix: "" },
  change: { method: "PATCH", suffix: "/{id}" },
  remove: { method: "DELETE", suffix: "/{id}" },
} as const satisfies Record<AccessKind, { method: string; suffix: string }>;

/** Verbs that the HTTP method says already. Other verbs become a part of the path. */
const plain =
  /^(?:add|create|post|make|store|save|record|write|see|view|list|get|read|browse|change|edit|update|delete|remove)$/;

const interfaceOf = (requirement: Requirement, component: string): Interface => {
  const verb = verbOf(requirement);
  const { method, suffix } = routes[verb ? accessOf(verb) : "add"];
  const action = verb === "" || plain.test(verb) ? "" : `/${verb}`;
  const name =
    verb === ""
      ? [...new Set([component, slug(requirement.title, 3) || requirement.id.toLowerCase()])].join(
          "/",
        )
      : component;
  return {
    method,
    path: `/${name}${suffix}${action}`,
    purpose: requirement.title,
    requirement: requirement.id,
  };
};

/** Finds the words of a purpose that the path lacks: "group" in "Send messages to a group". */
const difference = ({ path, purpose, requirement }: Interface): string =>
  slug(purpose, 8)
    .split("-")
    .filter((word) => !path.includes(word) && !fillers.has(word) && !connectors.has(word))
    .join("-") || requirement.toLowerCase();

const sameAddress = (a: Interface) => (b: Interface) => a.method === b.method && a.path === b.path;

/** Extends the path of an interface that has the address of an earlier one. */
const distinctPaths = (interfaces: readonly Interface[]): Interface[] =>
  interfaces.map((each, index) =>
    interfaces.findIndex(sameAddress(each)) < index
      ? { ...each, path: `${each.path}/${difference(each)}` }
      : each,
  );

const interfacesOf = (requirements: readonly Requirement[], components: readonly Component[]) => {
  const componentOf = (id: string) =>
    components.find((part) => part.requirements.includes(id))?.name ?? "common";
  return distinctPaths(
    requirements
      .filter((each) => subjectOf(each) !== "")
      .map((each) => interfaceOf(each, componentOf(each.id))),
  ).slice(0, maxInterfaces);
};

const entityOf = (
  { name, requirements: ids }: Component,
  requirements: readonly Requirement[],
) => ({
  entity: capital(singular(name.replaceAll("-", " "))),
  fields: fieldsOf(requirements.filter(({ id }) => ids.includes(id)).map(verbOf)),
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
  const named = components.filter(({ name }) => !withoutData.test(name));
  const parts = components
    .filter(({ name }) => name !== "principles")
    .map(({ name }) => name.replaceAll("-", " "));
  return {
    title: `System architecture: ${brief.name}`,
    overview: `${brief.name} consists of ${counted(components.length, "component")}. ${capital(listed(parts))} share one service; every request enters through its HTTP interface and ends in the store.`,
    components,
    interfaces: interfacesOf(specification.requirements, components),
    data_model: (named.length > 0 ? named : components.slice(0, 1)).map((component) =>
      entityOf(component, specification.requirements),
    ),
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
