import type { Requirement } from "../contents/software-specification.ts";
import type { Component } from "../contents/system-architecture.ts";
import { mention } from "./features.ts";
import { nounOf } from "./read-clause.ts";
import { slug } from "./slug.ts";
import { listed } from "./text.ts";
import { isVerb } from "./words.ts";

const maxGroups = 6;
const taken = /^(?:store|index|checks|common|principles)$/;

/** Gives the verb of a requirement about what somebody can do; empty for other statements. */
export const verbOf = ({ title, text }: Requirement): string => {
  const verb = title.split(" ")[0]?.toLowerCase() ?? "";
  return isVerb(verb) && /\s(?:can|could|must|should|may)\s/.test(text) ? verb : "";
};

/** Gives "shopping lists" for "Build weekly shopping lists"; empty for a requirement that concerns every part. */
export const subjectOf = (requirement: Requirement): string => {
  const words = requirement.title.split(" ");
  if (verbOf(requirement)) return nounOf(words.slice(1).join(" "));
  return words.length <= 3 && !requirement.title.startsWith("Review: ") ? requirement.title : "";
};

/** Names the component of a requirement. It adds a suffix to names that other components have already. */
export const placeOf = (requirement: Requirement): string => {
  const subject = subjectOf(requirement);
  const name = slug(subject, 3);
  if (subject === "") return "principles";
  return taken.test(name) ? `${name}-records` : name || "common";
};

const group = (requirements: readonly Requirement[]): Map<string, Requirement[]> => {
  const groups = new Map<string, Requirement[]>();
  for (const each of requirements) {
    const place = placeOf(each);
    const key =
      groups.size >= maxGroups && !groups.has(place) && place !== "principles" ? "common" : place;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return groups;
};

const responsibilityOf = (name: string, members: readonly Requirement[]): string => {
  const what = listed(members.map(mention));
  if (name === "principles") return `What holds for every part: ${what}.`;
  if (name === "common") return `What belongs to no other part: ${what}.`;
  return members.some(verbOf)
    ? `All about ${name.replaceAll("-", " ")}: ${what}.`
    : `Everything for ${what}.`;
};

/** Divides requirements into components. */
export const componentsOf = (requirements: readonly Requirement[]): Component[] => {
  const groups = [...group(requirements)].map(([name, members]) => ({
    name,
    responsibility: responsibilityOf(name, members),
    requirements: members.map(({ id }) => id),
    depends_on: name === "principles" ? [] : ["store"],
  }));
  const store = {
    name: "store",
    responsibility: "Keeps all records; the only component that knows the database.",
    requirements: [],
    depends_on: [],
  };
  return [...groups, store];
};
