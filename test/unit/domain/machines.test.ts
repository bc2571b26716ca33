import { expect, test } from "vitest";
import {
  moveProject,
  type ProjectStatus,
  projectMoves,
} from "../../../lib/domain/project/project.ts";
import { type HitlStatus, hitlMoves, moveHitl } from "../../../lib/domain/request/request.ts";
import { type HandoffStatus, handoffMoves, moveHandoff } from "../../../lib/domain/task/handoff.ts";
import { moveTask, type TaskStatus, taskMoves } from "../../../lib/domain/task/task.ts";
import { aHandoff, nowPlus } from "../../support/builders.ts";

/** State → move → the state after it; a move that is not named is refused. */
type Table<State extends string, Move extends string> = Record<State, Partial<Record<Move, State>>>;

const ending = { complete: "completed", fail: "failed", cancel: "cancelled" } as const;

const projectTable: Table<ProjectStatus, keyof typeof projectMoves> = {
  active: { pause: "paused", halt: "halted", ...ending },
  paused: { resume: "active", halt: "halted", ...ending },
  halted: { resume: "active", halt: "halted", ...ending },
  completed: {},
  failed: {},
  cancelled: {},
};

const taskTable: Table<TaskStatus, keyof typeof taskMoves> = {
  pending: { start: "working", wait_for_human: "waiting_for_hitl", cancel: "cancelled" },
  working: {
    try_again: "pending",
    wait_for_money: "pending",
    wait_for_human: "waiting_for_hitl",
    complete: "completed",
    fail: "failed",
    cancel: "cancelled",
  },
  waiting_for_hitl: {
    go_on: "pending",
    fail: "failed",
    cancel: "cancelled",
    run_again: "pending",
  },
  completed: { run_again: "pending" },
  failed: { cancel: "cancelled", retry: "pending", run_again: "pending" },
  cancelled: { retry: "pending" },
};

const hitlTable: Table<HitlStatus, keyof typeof hitlMoves> = {
  pending: {
    approve: "approved",
    reject: "rejected",
    amend: "amended",
    expire: "expired",
    cancel: "cancelled",
  },
  approved: {},
  rejected: {},
  amended: {},
  expired: {},
  cancelled: {},
};

const handoffTable: Table<HandoffStatus, keyof typeof handoffMoves> = {
  pending: { accept: "accepted", reject: "rejected", reopen: "pending" },
  accepted: { accept: "accepted", complete: "completed", reject: "rejected", reopen: "pending" },
  rejected: { reopen: "pending" },
  completed: { reopen: "pending" },
};

/** Every state with every move, and what must come of it: null where it is refused. */
const pairs = <State extends string, Move extends string>(
  table: Table<State, Move>,
  moves: Record<Move, unknown>,
) =>
  (Object.keys(table) as State[]).flatMap((state) =>
    (Object.keys(moves) as Move[]).map((move) => ({
      state,
      move,
      becomes: table[state][move] ?? null,
    })),
  );

const check = (state: string, becomes: string | null, run: () => string) => {
  if (becomes !== null) return expect(run()).toBe(becomes);
  expect(run).toThrow(
    expect.objectContaining({ code: "conflict", extensions: { current: state } }),
  );
};

test.each(pairs(projectTable, projectMoves))("project: $state, $move → $becomes", (row) => {
  check(row.state, row.becomes, () => moveProject(row.state, row.move));
});

test.each(pairs(taskTable, taskMoves))("task: $state, $move → $becomes", (row) => {
  check(row.state, row.becomes, () => moveTask(row.state, row.move));
});

test.each(pairs(hitlTable, hitlMoves))("request: $state, $move → $becomes", (row) => {
  check(row.state, row.becomes, () => moveHitl(row.state, row.move));
});

test.each(pairs(handoffTable, handoffMoves))("handoff: $state, $move → $becomes", (row) => {
  const handoff = aHandoff({ status: row.state });
  check(row.state, row.becomes, () => moveHandoff(handoff, row.move, nowPlus(5)).status);
});

test.each([
  { move: "accept", from: "pending", accepted_at: nowPlus(5), completed_at: null },
  { move: "complete", from: "accepted", accepted_at: nowPlus(1), completed_at: nowPlus(5) },
  { move: "reject", from: "accepted", accepted_at: nowPlus(1), completed_at: null },
  { move: "reopen", from: "completed", accepted_at: null, completed_at: null },
] as const)("handoff: $move stamps it", ({ move, from, ...stamps }) => {
  const accepted_at = from === "pending" ? null : nowPlus(1);
  const before = aHandoff({ status: from, accepted_at });
  expect(moveHandoff(before, move, nowPlus(5))).toMatchObject(stamps);
});
