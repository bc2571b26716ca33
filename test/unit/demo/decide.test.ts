import { expect, test } from "vitest";
import type { Event } from "../../../lib/domain/events.ts";
import type { RespondBody } from "../../../localstack/demo/answers.ts";
import { Refused } from "../../../localstack/demo/api.ts";
import { decideAll } from "../../../localstack/demo/decide.ts";
import { createStore } from "../../../localstack/demo/store.ts";
import {
  answered,
  asked,
  created,
  logOf,
  moment,
  plainLook,
  projectId,
  started,
  taskId,
} from "./builders.ts";

type Draft = Parameters<typeof logOf>[number];

/** A stack of which each answer has the next events of a list as its effect, and a person who types lines. */
const play = (given: {
  effects: Draft[][];
  lines?: (string | null)[];
  yes?: boolean;
  refuse?: (round: number) => Refused | null;
}) => {
  const { effects, lines = [], yes = false, refuse = () => null } = given;
  const store = createStore();
  const answers: (RespondBody | "resume")[] = [];
  const printed: string[] = [];
  const past: Draft[] = [];
  const happen = () => {
    const drafts = effects.shift() ?? [];
    past.push(...drafts);
    const events: Event[] = logOf(...past).slice(-drafts.length);
    store.apply(drafts.length > 0 ? events : [], true, () => {});
  };
  happen();
  const outcome = decideAll({
    api: {
      shownArtifacts: async () => [],
      respond: async (_, answer) => {
        answers.push(answer);
        const refused = refuse(answers.length);
        if (refused) throw refused;
        happen();
      },
      resumeProject: async () => {
        answers.push("resume");
        happen();
        return {} as never;
      },
    },
    store,
    screen: {
      print: (added) => void printed.push(...added),
      hold: () => {},
      release: () => {},
      close: () => {},
    },
    look: plainLook,
    ask: async (_, signal) => {
      const line = lines.shift() ?? null;
      if (line !== "elsewhere") return line;
      happen();
      await Promise.resolve();
      return signal.aborted ? null : "never";
    },
    projectId,
    yes,
    signal: new AbortController().signal,
  });
  return { outcome, answers, printed };
};

const question = [created("a"), started("a"), asked("a")];
const end = [answered("a"), moment("project_completed")];

test("--yes approves until the end", async () => {
  const { outcome, answers } = play({ effects: [question, end], yes: true });

  expect(await outcome).toBe("over");
  expect(answers).toEqual([{ action: "approve", comment: "--yes" }]);
});

test("--yes does not try the same again for ever", async () => {
  const failed = (round: number) =>
    asked("a", { options: ["retry", "skip", "cancel"], id: taskId(String(round)) });
  const retried = (round: number) => answered("a", "approved", null, taskId(String(round)));
  const again = (round: number) => [retried(round - 1), failed(round)];
  const effects = [[failed(0)], again(1), again(2), again(3), again(4)];
  const { outcome, answers } = play({ effects, yes: true });

  expect(await outcome).toBe("unanswered");
  expect(answers).toHaveLength(3);
});

test("a line that says nothing is asked for again; an amendment without words too", async () => {
  const { outcome, answers } = play({
    effects: [question, end],
    lines: ["what?", "m", " ", "m", "Add mugs "],
  });

  expect(await outcome).toBe("over");
  expect(answers).toEqual([{ action: "amend", content: "Add mugs" }]);
});

test("when nobody answers it stops", async () => {
  expect(await play({ effects: [question], lines: [null] }).outcome).toBe("unanswered");
  expect(await play({ effects: [question], lines: ["m", null] }).outcome).toBe("unanswered");
});

test("an answer from elsewhere ends the question", async () => {
  const { outcome, answers } = play({ effects: [question, end], lines: ["elsewhere"] });

  expect(await outcome).toBe("over");
  expect(answers).toEqual([]);
});

test("a refused answer says why and is asked for again", async () => {
  const problem = { type: "", title: "", status: 422, detail: "Too long." };
  const { outcome, answers, printed } = play({
    effects: [question, end],
    lines: ["m x", "a"],
    refuse: (round) => (round === 1 ? new Refused(problem) : null),
  });

  expect(await outcome).toBe("over");
  expect(answers).toHaveLength(2);
  expect(printed).toContain("  ✖ Too long.");
});

const halted = [answered("a", "rejected"), moment("project_halted")];

test("after a rejection the person may resume", async () => {
  const { outcome, answers } = play({
    effects: [question, halted, [moment("project_resumed"), moment("project_completed")]],
    lines: ["r", "perhaps", "r"],
  });

  expect(await outcome).toBe("over");
  expect(answers).toEqual([{ action: "reject" }, "resume"]);
});

test("after a rejection the person may leave it", async () => {
  const { outcome, answers } = play({ effects: [question, halted], lines: ["r", "q"] });

  expect(await outcome).toBe("unanswered");
  expect(answers).toEqual([{ action: "reject" }]);
});

test("--yes does not go on for ever where the same is asked again and again", async () => {
  const ask = (round: number) => asked("a", { id: taskId(String(round)), shows: false });
  const again = (round: number) => [
    answered("a", "approved", null, taskId(String(round - 1))),
    ask(round),
  ];
  const effects = [[created("a"), started("a"), ask(0)], again(1), again(2), again(3), again(4)];
  const { outcome, answers } = play({ effects, yes: true });

  expect(await outcome).toBe("unanswered");
  expect(answers).toHaveLength(3);
});
