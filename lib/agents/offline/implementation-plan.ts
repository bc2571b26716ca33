import type { ImplementationPlan } from "../contents/implementation-plan.ts";
import type { Component } from "../contents/system-architecture.ts";
import type { Work } from "./brief.ts";
import { cite, feedbackSection, unseen } from "./feedback.ts";
import { partPath } from "./program/part-files.ts";
import { slug } from "./slug.ts";
import { specificationOf } from "./software-specification.ts";
import { architectureOf } from "./system-architecture.ts";
import { counted, listed, singular } from "./text.ts";

type Task = ImplementationPlan["tasks"][number];
type Draft = Omit<Task, "id" | "depends_on">;

const own: Readonly<Record<string, string>> = {
  principles: "docs/principles.md",
  store: "src/store.js",
};

/** Gives the path of a component's file. It is safe for any name: a person may have written the architecture. */
const pathOf = (component: string): string =>
  own[component] ?? partPath(slug(component) || "entries");

const draftFor = ({ name, requirements }: Component): Draft => {
  const words = name.replaceAll("-", " ");
  const done_when =
    requirements.length > 0
      ? `Tests for ${listed(requirements)} pass.`
      : "Records can be stored, found, changed and removed.";
  const titles: Record<string, string> = {
    store: "Build the store that keeps all records",
    common: "Build what belongs to no other module",
    principles: "Write down what holds for every part",
  };
  return {
    title: titles[name] ?? `Build the ${singular(words)} module`,
    component: name,
    requirements,
    files: [pathOf(name)],
    estimate_hours: 2 + 3 * requirements.length,
    done_when: done_when,
  };
};

const number = (drafts: readonly Draft[]): Task[] =>
  drafts.map((draft, index) => ({
    ...draft,
    id: `T${index + 1}`,
    depends_on:
      index === 0
        ? []
        : index === drafts.length - 1
          ? drafts.slice(0, -1).map((_, at) => `T${at + 1}`)
          : ["T1"],
  }));

const draftsFor = (work: Work, components: readonly Component[], upstream: unknown): Draft[] => {
  const store = components.filter(({ name }) => name === "store");
  const others = components.filter(({ name }) => name !== "store");
  const reviews = unseen(work.brief.feedback, upstream).map((item) => ({
    title: `Take up the review: ${cite(item)}`,
    component: others[0]?.name ?? "store",
    requirements: [],
    files: ["docs/decisions.md"],
    estimate_hours: 2,
    done_when: "The change is in the code, and the decision is written down.",
  }));
  const start = {
    title: "Put the parts together and expose the interfaces",
    component: "server",
    requirements: [],
    files: ["src/routes.js", "src/server.js"],
    estimate_hours: 3,
    done_when: `${work.brief.name} starts and answers its first request.`,
  };
  return [...[...store, ...others].map(draftFor), ...reviews, start];
};

/** Writes the implementation plan. */
export const writeImplementationPlan = (work: Work): ImplementationPlan => {
  const { brief } = work;
  const architecture = architectureOf(work);
  const specification = specificationOf(work);
  const upstream = [architecture, specification];
  const tasks = number(draftsFor(work, architecture.components, upstream));
  const hours = tasks.reduce((sum, { estimate_hours }) => sum + estimate_hours, 0);
  return {
    title: `Implementation plan: ${brief.name}`,
    summary: `${counted(tasks.length, "task")}, about ${hours} hours. The store comes first, because every other part writes to it; the modules can then be built side by side.`,
    tasks,
    test_approach: [
      `Each requirement that a module meets becomes one test; ${counted(specification.requirements.length, "requirement")} in all. What else their acceptance criteria say is tried by a person.`,
      "To be tested: the modules with a store in memory, the program over HTTP with its file.",
      ...brief.topics.map(({ quality }) => `To be measured before launch: ${quality}`),
    ],
    feedback: feedbackSection(brief.feedback, (item) => {
      const task = tasks.find(({ title }) => title.includes(cite(item)));
      return task
        ? `Task ${task.id} takes it up.`
        : "Comes in through the architecture and the specification.";
    }),
  };
};
