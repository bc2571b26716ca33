import type { Requirement } from "../../contents/software-specification.ts";
import type { Interface } from "../../contents/system-architecture.ts";
import { verbOf } from "../components.ts";
import { slug } from "../slug.ts";
import { connectors, fillers } from "../words.ts";
import { type Behaviour, behaviourOf } from "./behaviour.ts";
import type { ProgramPart } from "./parts.ts";

/** A route that meets a requirement. */
export type ProgramRoute = {
  requirement: Requirement;
  part: ProgramPart;
  behaviour: Behaviour;
  path: string;
};

/** Verbs that the HTTP method says already. Other verbs become a part of the path. */
const plain =
  /^(?:add|create|post|make|store|save|record|write|see|view|list|get|read|browse|change|edit|update|delete|remove)$/;

/** The words of a path that say what is done; empty when method and entity say it. */
const actionIn = (
  requirement: Requirement,
  part: ProgramPart,
  { kind, argument }: Behaviour,
): string => {
  const verb = verbOf(requirement);
  if (kind === "history") return "history";
  if (kind === "view") return String(argument);
  if (kind === "collect") return plain.test(verb) ? "collect" : verb;
  if (verb !== "") return kind !== "mark" && plain.test(verb) ? "" : verb;
  const name = slug(requirement.title, 3);
  return name === part.name ? "" : name;
};

const usualPath = (requirement: Requirement, part: ProgramPart, behaviour: Behaviour): string => {
  const action = actionIn(requirement, part, behaviour);
  return `/${part.name}${behaviour.suffix}${action && `/${action}`}`;
};

const addressOf = ({ behaviour, path }: Pick<ProgramRoute, "behaviour" | "path">) =>
  `${behaviour.method} ${path}`;

/** Finds the words of a title that the path lacks: "group" in "Send messages to a group". */
const difference = (path: string, { title, id }: Requirement): string =>
  slug(title, 8)
    .split("-")
    .filter((word) => !path.includes(word) && !fillers.has(word) && !connectors.has(word))
    .join("-") ||
  slug(id) ||
  "more";

/** Extends a path until no route before has its address. */
const distinctPath = (route: ProgramRoute, before: readonly ProgramRoute[]): string => {
  const used = new Set(before.map(addressOf));
  const isFree = (path: string) => !used.has(addressOf({ ...route, path }));
  if (isFree(route.path)) return route.path;
  const longer = `${route.path}/${difference(route.path, route.requirement)}`;
  const numbered = before.map((_, at) => `${longer}-${at + 2}`);
  return [longer, ...numbered].find(isFree) ?? `${longer}-${before.length + 2}`;
};

const idsIn = (path: string) => path.split("/").filter((part) => part === "{id}").length;

/** Gives the path that an architecture wants, if it fits what the route does; a person may have written it. */
const wantedPath = (
  { requirement, part, behaviour, path }: ProgramRoute,
  wanted: readonly Interface[],
) =>
  wanted.find(
    (each) =>
      each.requirement === requirement.id &&
      each.method === behaviour.method &&
      /^(?:\/(?:[a-z0-9-]{1,60}|\{id\})){1,6}$/.test(each.path) &&
      `${each.path}/`.startsWith(`/${part.name}/`) &&
      idsIn(each.path) === idsIn(path) &&
      idsIn(each.path.split("/")[2] ?? "") === idsIn(path.split("/")[2] ?? "") &&
      (each.path.split("/").length > 2 + idsIn(path) || each.path === path),
  )?.path;

/**
 * Gives each requirement of the parts a route, in the parts' order. No two have the same address.
 *
 * @param wanted the architecture's interfaces: their paths are taken where they fit
 */
export const routesOf = (
  parts: readonly ProgramPart[],
  wanted: readonly Interface[] = [],
): ProgramRoute[] => {
  const routes: ProgramRoute[] = [];
  for (const part of parts) {
    for (const requirement of part.members) {
      const behaviour = behaviourOf(requirement, part, parts);
      const path = usualPath(requirement, part, behaviour);
      const route = { requirement, part, behaviour, path };
      const asked = { ...route, path: wantedPath(route, wanted) ?? path };
      routes.push({ ...asked, path: distinctPath(asked, routes) });
    }
  }
  return routes;
};
