import { expect, test } from "vitest";
import { headerLines, liveLines, narrate } from "../../../localstack/demo/lines.ts";
import { displayWidth } from "../../../localstack/demo/text.ts";
import {
  answered,
  asked,
  completed,
  created,
  logOf,
  moment,
  plainLook,
  projectId,
  started,
  viewOf,
} from "./builders.ts";

type Log = Parameters<typeof logOf>;

/** What the last event of a log leaves, told after those before it. */
const told = (log: Log, look = plainLook) => {
  const events = logOf(...log);
  const last = events.at(-1);
  return last ? narrate(last, viewOf(events.slice(0, -1)), look) : [];
};

const said = (message: string) =>
  ({ event_type: "agent_chat_message", task: "a", data: { message } }) as const;

const retried = (reason: "failed" | "amended") =>
  ({
    event_type: "task_retry_scheduled",
    task: "a",
    data: { attempt: 1, delay_ms: 2_000, reason, error: { code: "x", message: "No model" } },
  }) as const;

test("a finished step is one line with its agent and how long it took", () => {
  const [line, ...more] = told([created("a"), started("a"), said("Typing"), completed("a")]);

  expect(line).toMatch(/^ {2}✔ Code Generation +coder +━{12} 100% +2\.0 s$/);
  expect(more).toEqual([]);
});

test("on a terminal what the agent said follows", () => {
  const log: Log = [created("a"), started("a"), said("Typing"), completed("a")];

  expect(told(log, { ...plainLook, chat: true })[1]).toBe("    Typing");
});

test("a phase begins with a heading", () => {
  expect(told([moment("phase_started")])).toEqual(["", "  Build 4/6"]);
});

test.each([
  [[moment("project_halted", "Rejected: no")], "  ■ Halted: Rejected: no"],
  [[moment("project_paused")], "  ■ Paused"],
  [[moment("project_resumed")], "  ▶ Resumed"],
  [
    [created("a"), retried("failed")],
    "  ↻ Code Generation: attempt 1 failed, again in 2.0 s: No model",
  ],
  [[created("a"), retried("amended")], "  ↻ Code Generation: runs again with your words"],
  [[created("a"), asked("a"), answered("a")], "  ◆ Code Generation approved by anna"],
  [
    [created("a"), asked("a"), answered("a", "rejected", "too big")],
    "  ◆ Code Generation rejected by anna: too big",
  ],
  [[created("a"), asked("a"), answered("a", "amended")], "  ◆ Code Generation amended by anna"],
  [
    [created("a"), asked("a", { shows: false }), answered("a", "amended")],
    "  ◆ Code Generation answered by anna",
  ],
] as [Log, string][])("%j leaves %s", (log, line) => {
  expect(told(log)).toEqual([line]);
});

test.each([
  [[created("a")]],
  [[created("a"), started("a")]],
  [[created("a"), asked("a")]],
  [[moment("project_completed")]],
] as [Log][])("%j leaves no line", (log) => {
  expect(told(log)).toEqual([]);
});

test("what others write cannot steer the terminal", () => {
  const lines = told([
    created("a"),
    asked("a"),
    answered("a", "approved", "fine\u001b[2J\nand\u0007 more"),
  ]);

  expect(lines).toEqual(["  ◆ Code Generation approved by anna: fine [2J and more"]);
});

test("live lines show who works, how far and how long, and who waits", () => {
  const view = viewOf(
    logOf(created("a"), created("b", "Code Testing"), started("a"), {
      event_type: "task_progress",
      task: "a",
      data: { attempt: 1, progress_percentage: 50, message: "Half" },
    }),
  );
  const now = Date.parse("2026-01-01T00:00:07.000Z");
  const lines = liveLines(view, { look: plainLook, now, lost: true });

  expect(lines).toEqual([
    expect.stringMatching(/^ {2}. Code Generation +coder +━{6}─{6} {2}50% +5\.0 s$/),
    expect.stringMatching(/^ {2}· Code Testing +coder +waiting$/),
    "  connection lost, trying again",
  ]);
});

test.each([40, 60, 80, 100])("no line is wider than a terminal of %i columns", (columns) => {
  const look = { ...plainLook, columns, chat: true };
  const long = "A very long name 日本語 ".repeat(9);
  const view = viewOf(logOf(created("a", long), started("a"), said(long)));
  const project = {
    id: projectId,
    name: long,
    description: long,
    status: "active",
    oversight_level: "medium",
  } as const;
  const lines = [
    ...headerLines(project, look).filter((line) => !line.includes(projectId)),
    ...liveLines(view, { look, now: Date.parse("2026-01-01T00:59:59.000Z"), lost: true }),
  ];

  expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns);
});

test("the header leaves directives out of the description", () => {
  const project = {
    id: projectId,
    name: "Tea",
    description: "A shop. [[sleep:800]]",
    status: "active",
    oversight_level: "low",
  } as const;

  expect(headerLines(project, plainLook)).toEqual([
    "",
    "  BotArmy  Tea",
    "  A shop.",
    `  ${projectId}  oversight low`,
  ]);
});
