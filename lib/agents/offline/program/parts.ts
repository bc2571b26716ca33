import type { Requirement } from "../../contents/software-specification.ts";
import type { Component } from "../../contents/system-architecture.ts";
import { placeOf, subjectOf, verbOf } from "../components.ts";
import { type EntityFields, fieldsOf } from "../entity-fields.ts";
import { slug } from "../slug.ts";
import { singular } from "../text.ts";

/** One module of a program: an entity, and the requirements that are met with it. */
export type ProgramPart = {
  /** The component's name in the architecture. */
  component: string;
  /** The entity's name in addresses, and the name of its file: "shopping-lists". */
  name: string;
  /** "shopping list" */
  one: string;
  fields: EntityFields;
  members: readonly Requirement[];
};

const holdsNothing = /^(?:store|principles)$/;
/** A file of this name joins the parts. */
const taken = "index";

/** Makes a name of its own for a component: "recipes", then "recipes-2". */
const nameFor = (component: string, used: readonly string[]): string => {
  const name = slug(component) || "entries";
  const wanted = name === taken ? `${name}-entries` : name;
  const numbers = Array.from({ length: used.length + 2 }, (_, at) => at + 1);
  const names = numbers.map((number) => (number === 1 ? wanted : `${wanted}-${number}`));
  return names.find((each) => !used.includes(each)) ?? wanted;
};

/** Divides the requirements by component. What no component has goes where its subject belongs. */
const divide = (requirements: readonly Requirement[], components: readonly Component[]) => {
  const groups = new Map<string, Requirement[]>();
  for (const each of requirements.filter((one) => subjectOf(one) !== "")) {
    const found = components.find(
      ({ name, requirements: ids }) => !holdsNothing.test(name) && ids.includes(each.id),
    );
    const name = found?.name ?? placeOf(each);
    groups.set(name, [...(groups.get(name) ?? []), each]);
  }
  return groups.size > 0 ? groups : new Map<string, Requirement[]>([["entries", []]]);
};

/** Makes the parts of a program. There is at least one. */
export const partsOf = (
  requirements: readonly Requirement[],
  components: readonly Component[],
): [ProgramPart, ...ProgramPart[]] => {
  const parts: ProgramPart[] = [];
  for (const [component, members] of divide(requirements, components)) {
    const used = parts.map((part) => part.name);
    const name = nameFor(component, used);
    const words = name.replaceAll("-", " ");
    const fields = fieldsOf(words, members.map(verbOf));
    parts.push({ component, name, one: singular(words), fields, members });
  }
  return parts as [ProgramPart, ...ProgramPart[]];
};

/** Gives the requirements that no part meets: they are about the whole, as "It should be fast". */
export const qualitiesIn = (requirements: readonly Requirement[]): Requirement[] =>
  requirements.filter((each) => subjectOf(each) === "");
