import { expect, test } from "vitest";
import type { Posted, Subscription } from "../../../lib/contracts/connection.ts";
import { emit } from "../../../lib/domain/change.ts";
import { type Event, projectEvent } from "../../../lib/domain/events.ts";
import { prepareWrite } from "../../../lib/domain/prepare-write.ts";
import { Problem } from "../../../lib/domain/problem.ts";
import { type ReplayDeps, startSubscription } from "../../../lib/services/sockets/replay.ts";
import { aChange, aMoment, anId, aProject, nowPlus, waitTimes } from "../../support/builders.ts";

const drafts = (count: number) =>
  Array.from({ length: count }, () => projectEvent("error", { code: "x", message: "y" }));
const logOf = (count: number): readonly Event[] =>
  prepareWrite(emit(...drafts(count))(aChange()), aMoment(), waitTimes).events;

const subscription: Subscription = {
  tenant: "local",
  connection_id: "socket-1",
  endpoint: "https://sockets",
  user_id: "ann",
  connected_at: nowPlus(-60),
  expires_at: nowPlus(60),
  project_id: anId(1),
  event_types: null,
  replaying_until: nowPlus(15),
};

/** A log of one event per commit, read three at a time, and a socket that answers as it is told. */
const replaying = async (
  count: number,
  after: number | null,
  {
    answers = [],
    young = false,
    ...more
  }: { answers?: Posted[]; young?: boolean } & Partial<ReplayDeps> = {},
) => {
  let log = logOf(count);
  let seconds = 0;
  const told: string[] = [];
  const steps: string[] = [];
  const deps: ReplayDeps = {
    loadProject: async () => aProject({ head: count }),
    readLog: async (_key, page) => {
      const rest = log.filter(({ seq }) => seq > page.after);
      return { events: rest.slice(0, 3), more: rest.length > 3 };
    },
    goLive: async () => {
      steps.push("live");
      log = logOf(count + 1);
      return true;
    },
    unsubscribe: async () => void steps.push("unsubscribe"),
    post: async (_socket, frame) => {
      const posted = answers.shift() ?? "sent";
      const { type, from, to, head, problem } = JSON.parse(frame);
      if (posted === "sent") told.push(`${type} ${problem?.type ?? head ?? `${from}-${to}`}`);
      return posted;
    },
    sleep: async (ms) => {
      seconds += ms / 1_000;
    },
    now: () => new Date(nowPlus(seconds)),
    ...more,
  };
  const socket = { ...subscription, connected_at: nowPlus(young ? 0 : -60) };
  await startSubscription(deps, socket, after, "req-1");
  return { told, steps, waited: seconds };
};

test.each([
  { after: 0, told: ["events 1-3", "events 4-5", "events 6-6"] },
  { after: 3, told: ["events 4-5", "events 6-6"] },
  { after: 5, told: ["events 6-6"] },
  { after: null, told: ["events 6-6"] },
])(
  "after $after a subscriber gets what it missed, none twice, and what came meanwhile",
  async (row) => {
    const { told, steps } = await replaying(5, row.after);
    expect(told).toEqual(["subscribed 5", ...row.told]);
    expect(steps).toEqual(["live"]);
  },
);

test("who went away meanwhile is told nothing more", async () => {
  const { told } = await replaying(5, 3, { goLive: async () => false });
  expect(told).toEqual(["subscribed 5", "events 4-5"]);
});

test("a young socket that answers 410 is given time", async () => {
  const { told, waited } = await replaying(1, 0, { young: true, answers: ["gone", "gone"] });
  expect(told).toEqual(["subscribed 1", "events 1-1", "events 2-2"]);
  expect(waited).toBeCloseTo(0.4);
});

test("… but not for ever", async () => {
  const gone = Array.from({ length: 200 }, () => "gone" as const);
  const { waited } = await replaying(1, 0, { young: true, answers: gone });
  expect(waited).toBeCloseTo(10);
});

test("an old socket that answers 410 is not asked twice", async () => {
  const { waited } = await replaying(1, 0, { answers: ["gone", "gone", "gone"] });
  expect(waited).toBe(0);
});

test("a project that is not there is a problem, and no subscription", async () => {
  const { told, steps } = await replaying(1, 0, {
    loadProject: async () => {
      throw new Problem("not-found", "There is no such project.");
    },
  });
  expect(told).toEqual(["error /problems/not-found"]);
  expect(steps).toEqual(["unsubscribe"]);
});

test("what may pass is left to the queue to try again", async () => {
  const failing = replaying(1, 0, {
    readLog: async () => {
      throw new Error("throttled");
    },
  });
  await expect(failing).rejects.toThrow("throttled");
});
