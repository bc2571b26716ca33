import { expect, test } from "vitest";
import { commandsFor, labelOf, readAnswer } from "../../../localstack/demo/answers.ts";
import { gate } from "./builders.ts";

const labels = (options: string[]) => commandsFor(gate({ options })).map(labelOf).join(" ");

test.each([
  ["a", { action: "approve" }],
  ["A", { action: "approve" }],
  ["approve", { action: "approve" }],
  ["a looks good", { action: "approve", comment: "looks good" }],
  ["r", { action: "reject" }],
  ["reject too big", { action: "reject", comment: "too big" }],
  ["m add tests", { action: "amend", content: "add tests" }],
  ["  amend  add tests ", { action: "amend", content: "add tests" }],
  ["m", { action: "amend", content: "" }],
  ["", null],
  ["yes", null],
  ["add tests", null],
])("at a gate %j is %j", (line, answer) => {
  expect(readAnswer(gate(), line)).toEqual(answer);
});

const failure = gate({ options: ["retry", "skip", "cancel"], shows: false });

test.each([
  ["r", { action: "amend", content: "retry" }],
  ["retry", { action: "amend", content: "retry" }],
  ["s", { action: "amend", content: "skip" }],
  ["Cancel", { action: "amend", content: "cancel" }],
  ["h", { action: "reject" }],
  ["a", null],
  ["go on", null],
])("after a failure %j is %j", (line, answer) => {
  expect(readAnswer(failure, line)).toEqual(answer);
});

const question = gate({ question: "Which database?", shows: false });

test.each([
  ["Postgres", { action: "amend", content: "Postgres" }],
  ["a relational one", { action: "amend", content: "a relational one" }],
  ["reject all cookies", { action: "amend", content: "reject all cookies" }],
  ["a", { action: "approve" }],
  ["r", { action: "reject" }],
  [" ", null],
])("to a question %j is %j", (line, answer) => {
  expect(readAnswer(question, line)).toEqual(answer);
});

test.each([
  [[], "[a]pprove [r]eject a[m]end"],
  [["retry", "skip", "cancel"], "[r]etry [s]kip [c]ancel [h]alt"],
  [["Postgres", "MySQL"], "[P]ostgres [M]ySQL [h]alt"],
  [["Postgres", "Python"], "[1] Postgres [2] Python [h]alt"],
  [["hold", "10"], "[1] hold [2] 10 [h]alt"],
])("options %j are offered as %s", (options, line) => {
  expect(labels(options).replace("[p]", "[P]").replace("[m]y", "[M]y")).toBe(line);
});

test("options of several words can be chosen by number or in full", () => {
  const choice = gate({ options: ["Use Postgres", "Use MySQL"] });

  expect(readAnswer(choice, "2")).toEqual({ action: "amend", content: "Use MySQL" });
  expect(readAnswer(choice, "use postgres")).toEqual({ action: "amend", content: "Use Postgres" });
});
