import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { expect, test } from "vitest";
import { isDecision } from "../../../lib/archive/decisions.ts";
import { layOut } from "../../../lib/archive/layout.ts";
import type { ArchivedArtifact } from "../../../lib/archive/parts.ts";
import type { Actor } from "../../../lib/domain/common.ts";
import type { Event } from "../../../lib/domain/events.ts";
import { anId, aProject } from "../../support/builders.ts";
import { given, sources } from "./builders.ts";

const ada: Actor = { type: "user", id: "ada" };

const anEvent = (event_type: Event["event_type"], data: object, actor = ada) =>
  ({
    seq: 1,
    event_id: anId(1),
    project_id: anId(1),
    task_id: anId(2),
    agent_type: "analyst",
    actor,
    timestamp: "2030-01-01T00:00:00.000Z",
    event_type,
    data,
  }) as Event;

const asked = (n: number, question: string, context_ids: object[] = []) =>
  anEvent("hitl_request_created", { request_id: anId(n), question, options: [], context_ids });

const answered = (n: number, data: object) =>
  anEvent("hitl_response", {
    request_id: anId(n),
    comment: null,
    choice: null,
    content_id: null,
    ...data,
  });

const filesOf = (events: Event[], artifacts: ArchivedArtifact[] = [], fields = {}) =>
  layOut({ project: aProject(fields), artifacts, log: { events, isWhole: true } }).files;

const decisions = (events: Event[], artifacts: ArchivedArtifact[] = []): string => {
  const file = filesOf(events, artifacts).find(({ path }) => path === "cookbook/DECISIONS.md");
  return new TextDecoder().decode(file?.data);
};

test("each answer is told with who, when, to what and in which words", () => {
  const plan = given("project_plan", { title: "Plan" });
  const wish = given("hitl_response", "Leave out printing", 2);
  const text = decisions(
    [
      asked(11, "Is the plan good?", [{ context_id: plan.context_id, version: 1, sha256: "s" }]),
      answered(11, { action: "amend", content_id: wish.context_id, comment: "Soon,\nplease" }),
      asked(12, "It failed. What now?"),
      answered(12, { action: "amend", choice: "retry" }),
      asked(13, "Raise the limit? [[sleep:5]]"),
      anEvent(
        "hitl_expired",
        { request_id: anId(13), status: "expired", reason: "Nobody answered in time." },
        { type: "system", id: "sweeper" },
      ),
      asked(14, "Go on?"),
    ],
    [plan, wish],
  );
  expect(text).toContain(`## 1. Amended

- By: ada
- At: 2030-01-01T00:00:00.000Z
- Asked at: 2030-01-01T00:00:00.000Z, about the work of the analyst
- About: [project-plan](docs/project-plan.md), version 1

Question:

Is the plan good?

Comment:

> Soon,\\
> please

Amendment:

Leave out printing
`);
  expect(text).toMatch(/## 2\. Amended\n[\s\S]*Choice: retry\n/);
  expect(text).toMatch(
    /## 3\. Expired\n\n- By: the system\n[\s\S]*Raise the limit\?\n\nReason: Nobody/,
  );
  expect(text).toMatch(/## 4\. Not decided yet\n/);
  expect(text).not.toContain("[[");
});

test("conflicts, rulings and other steps of people are told, what agents do is not", () => {
  const agent: Actor = { type: "agent", id: "coder" };
  const events = [
    anEvent("agent_chat_message", { message: "The orchestrator rules: go on." }, agent),
    anEvent("agent_chat_message", { message: "I am thinking." }, agent),
    anEvent("workflow_event", { event: "project_paused", phase: null, reason: null }),
    anEvent("artifact_created", { artifact_type: "user_input", version: 1 }),
    anEvent("artifact_created", { artifact_type: "project_plan", version: 1 }, agent),
  ];
  const kept = events.filter(isDecision);
  expect(kept).toHaveLength(3);
  const text = decisions(kept);
  expect(text).toContain("Nobody was asked anything.");
  expect(text).toContain("| ada | project paused |");
  expect(text).toContain("| agent coder | The orchestrator rules: go on. |");
});

test("a log that is too long is told to be so", () => {
  const { files } = layOut({
    project: aProject(),
    artifacts: [],
    log: { events: Array.from({ length: 600 }, (_, n) => asked(n, "Good?")), isWhole: false },
  });
  const text = new TextDecoder().decode(files[2]?.data);
  expect(text).toContain("100 later questions are in the project's log only.");
  expect(text).toContain("later decisions are missing here");
});

type Node = { type: string; url?: string; children?: Node[] };

const nodesOf = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(nodesOf)];

test.each([
  "<img src=x> ` <b>",
  "a\n===\n# b\n---\n\n[x]: http://x.example",
  "![i](http://x.example/i.png) www.x.example a@x.example",
  "\\` <script>\n| a | b |\n| - | - |\n[^1] **b**",
])("nothing in the archive is HTML, an image or a foreign link because of %j", (hostile) => {
  const artifacts = [
    given("project_plan", {
      title: hostile,
      summary: hostile,
      [hostile]: [hostile, { id: hostile }],
    }),
    given("agent_output", hostile, 2),
    given(
      "software_specification",
      { overview: hostile, requirements: [{ id: hostile, title: hostile }] },
      3,
    ),
    given("deployment_log", { release: hostile, steps: [{ step: hostile, detail: hostile }] }, 4),
    {
      ...sources({ path: hostile, language: hostile, content: "" }),
      artifact_metadata: { written_by: hostile },
    },
  ];
  const events = [
    asked(11, hostile),
    answered(11, { action: "amend", comment: hostile, choice: hostile, content_id: anId(102) }),
  ];
  const files = filesOf(events, artifacts, { name: hostile.slice(0, 20), description: hostile });
  const documents = files.filter(({ path }) => /^[^/]+\/(?:docs\/)?[^/]+\.md$/.test(path));
  expect(documents.length).toBe(8);
  for (const { path, data } of documents) {
    const tree = fromMarkdown(new TextDecoder().decode(data), {
      extensions: [gfm()],
      mdastExtensions: [gfmFromMarkdown()],
    }) as Node;
    for (const { type, url } of nodesOf(tree)) {
      expect(type, path).not.toMatch(
        /^(?:html|image|imageReference|linkReference|definition|footnote)/,
      );
      if (type === "link") expect(url, path).toMatch(/^(?:docs\/|\.\.\/artifacts\/|DECISIONS\.md)/);
    }
  }
});
