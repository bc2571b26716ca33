import type { World } from "../world/open-world.ts";
import type { Watcher } from "../world/watcher.ts";
import { answersAreTrue } from "./answers.ts";
import {
  attemptsEndOnce,
  attemptsStartInTurn,
  contentsAreKept,
  countsAreRight,
  decidesOnce,
  endsOnce,
  hasNoGaps,
  isFinished,
  isFoldOfLog,
  losesNoAttempt,
  outputsAreOfTheirAttempt,
  startsInTurn,
} from "./log.ts";
import { moneyIsRight } from "./money.ts";
import { type Picture, readTables } from "./picture.ts";
import { tenantsAreApart } from "./tenants.ts";
import { waitingIsRight } from "./waiting.ts";

const rules = [
  hasNoGaps,
  isFoldOfLog,
  attemptsStartInTurn,
  attemptsEndOnce,
  decidesOnce,
  endsOnce,
  countsAreRight,
  contentsAreKept,
  outputsAreOfTheirAttempt,
  startsInTurn,
  isFinished,
];

const sawTheLog = (pictures: readonly Picture[], { project_id, copy }: Watcher) => {
  const events = pictures.find(({ change }) => change.project.id === project_id)?.events ?? [];
  const { log } = copy;
  const [seen, said] = [log, events].map((list) => JSON.stringify(list));
  return seen === said ? [] : [`a viewer saw ${log.length} events of ${events.length}, or others`];
};

/** Posts to a socket that is gone: on their way when the first was answered, or of two replays that were delivered again. */
const maxPostsToGone = 8;

const forgetsWhoIsGone = ({ gateway }: World) =>
  [...gateway.refused].flatMap(([id, count]) =>
    count > maxPostsToGone ? [`${count} frames were posted to ${id}, which is gone`] : [],
  );

const deadLettersOf = ({ queue }: World) =>
  (["deadTasks", "deadFrames"] as const).flatMap((name) =>
    queue(name)
      .bodies()
      .map((body) => `dead letter: ${body}`),
  );

export type Bounds = {
  maxCalls: number;
  /** Nothing goes wrong in this world: so nothing has to be done again. */
  peaceful?: boolean;
};

/** All that does not hold in a world that has come to its end. */
export const checkWorld = (world: World, { maxCalls, peaceful = false }: Bounds): string[] => {
  const { pictures, items, ledgers, due, connections } = readTables(world);
  return [
    ...pictures.flatMap((picture) => rules.flatMap((rule) => rule(picture))),
    ...(peaceful ? pictures.flatMap(losesNoAttempt) : []),
    ...answersAreTrue(pictures, world.clients.exchanges),
    ...world.watchers.flatMap((watcher) => sawTheLog(pictures, watcher)),
    ...moneyIsRight(world, { pictures, ledgers }),
    ...waitingIsRight(world, pictures),
    ...due.map((key) => `${key} is still due`),
    ...connections.map((key) => `${key} is left of a connection`),
    ...forgetsWhoIsGone(world),
    ...deadLettersOf(world),
    ...world.borders.trespassers.map((call) => `${call} was about another tenant`),
    ...tenantsAreApart(world, { pictures, items }),
    ...(world.calls() > maxCalls ? [`${world.calls()} calls, more than ${maxCalls}`] : []),
  ];
};
