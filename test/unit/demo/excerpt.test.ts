import { expect, test } from "vitest";
import type { ArtifactType } from "../../../lib/domain/artifact/artifact-type.ts";
import type { Json } from "../../../lib/domain/json.ts";
import { excerptOf, type ShownArtifact } from "../../../localstack/demo/excerpt.ts";
import { gateLines, promptLine } from "../../../localstack/demo/gate-lines.ts";
import { gate, plainLook } from "./builders.ts";

const artifact = (content: Json, artifact_type: ArtifactType = "project_plan"): ShownArtifact => ({
  artifact_type,
  version: 2,
  content,
});

const plan = {
  title: "Project plan: Tea",
  summary: "A plan for tea.",
  goals: ["Sell tea", "Send tea", "Drink tea", "Grow tea"],
  milestones: [{ name: "Agreed", phase: "plan", outcome: "All agree." }],
  risks: [{ risk: "Coffee", mitigation: "More tea" }],
  feedback: [],
};

test("an excerpt has the title, the summary and the beginnings of the first lists", () => {
  expect(excerptOf(artifact(plan))).toEqual({
    title: "Project plan: Tea",
    summary: "A plan for tea.",
    figures: "",
    lists: [
      { name: "Goals", items: ["Sell tea", "Send tea", "Drink tea"], more: 1 },
      { name: "Milestones", items: ["Agreed"], more: 0 },
    ],
  });
});

test("what was taken up from a review, and what failed, comes first", () => {
  const feedback = [{ question: "Go on?", said: "Add mugs", taken_up: "Added mugs." }];
  const failures = [{ case: "Pay", requirement: "R1", expected: "200", actual: "500" }];
  const { lists, figures } = excerptOf(
    artifact({ passed: 4, failed: 1, cases: ["x"], failures, feedback }),
  );

  expect(lists.map(({ name, items }) => [name, ...items])).toEqual([
    ["Failures", "Pay"],
    ["Feedback", "Added mugs."],
  ]);
  expect(figures).toBe("passed 4, failed 1");
});

test.each([
  [{ id: "R1", title: "Sell", text: "People can sell." }, "R1 Sell"],
  [{ method: "GET", path: "/teas", purpose: "Lists teas" }, "GET /teas Lists teas"],
  [{ path: "src/a.ts", language: "ts", content: "…" }, "src/a.ts"],
  [{ risk: "Coffee", mitigation: "More tea" }, "Coffee More tea"],
  [42, "42"],
  [null, "null"],
])("an item %j reads %j", (item, line) => {
  expect(excerptOf(artifact({ items: [item] })).lists[0]?.items).toEqual([line]);
});

test.each([["Just text"], [["a", "list"]], [null], [7]])("content %j is no problem", (content) => {
  expect(excerptOf(artifact(content, "agent_output"))).toMatchObject({
    title: "Agent output",
    lists: [],
  });
});

test("a gate shows its question and what is to be judged, but nothing twice", () => {
  const question = "Project Planning is done: A plan for tea. May the work go on?";

  expect(gateLines(gate({ question }), [artifact(plan)], plainLook)).toEqual([
    "",
    "  ┃ Project Planning is done: A plan for tea. May the work go on?",
    "  ┃",
    "  ┃ Project plan: Tea project_plan v2",
    "  ┃ Goals (4)",
    "  ┃   • Sell tea",
    "  ┃   • Send tea",
    "  ┃   • Drink tea",
    "  ┃ Milestones",
    "  ┃   • Agreed",
    "",
  ]);
  expect(gateLines(gate(), [artifact(plan)], plainLook)).toContain("  ┃ A plan for tea.");
});

test("the prompt says what may be typed", () => {
  expect(promptLine(gate(), plainLook)).toBe("  [a]pprove  [r]eject  a[m]end › ");
  expect(promptLine(gate({ shows: false }), plainLook)).toContain("type your answer, or [a]pprove");
});
