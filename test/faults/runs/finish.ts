import { readTables } from "../invariants/picture.ts";
import { connectionsTableName, tableName, type World } from "../world/open-world.ts";

const hourMs = 3_600_000;
const horizonMs = 6 * hourMs;
const catchUpMs = 5_000;
const stragglersMs = 20_000;

/** Watchers ask until they have seen everything; then they go. */
const seeTheRest = async (world: World): Promise<void> => {
  const { pictures } = readTables(world);
  for (const watcher of world.watchers) {
    const head =
      pictures.find(({ change }) => change.project.id === watcher.project_id)?.change.project
        .head ?? 0;
    for (let tries = 0; tries < 60 && watcher.copy.last() < head; tries += 1) {
      await watcher.ask();
      await world.time.sleep(catchUpMs);
    }
    await watcher.leave();
  }
};

const isAnythingDue = ({ dynamodb }: World, table: string) =>
  dynamodb.all(table).some(({ due }) => due);

/** What was sent twice, comes late or is left to the sweeper gets its time. */
const settle = async (world: World): Promise<void> => {
  for (let tries = 0; tries < 40; tries += 1) {
    await world.time.sleep(stragglersMs);
    if (world.lambda.isIdle() && !isAnythingDue(world, tableName)) return;
  }
};

/**
 * Lets a world come to its end: what people do is done, everybody has seen everything, and a few hours later
 * nothing is left.
 *
 * @returns whether it came to an end before the horizon, and with no more calls than that
 */
export const finish = async (
  world: World,
  people: Promise<unknown>,
  maxCalls: number,
): Promise<boolean> => {
  const { time } = world;
  let over = false;
  let failure: unknown;
  const end = async () => {
    await people;
    await settle(world);
    await seeTheRest(world);
    world.stopSweeping();
    await time.sleep(2.5 * hourMs);
    if ([tableName, connectionsTableName].some((table) => isAnythingDue(world, table)))
      await world.sweep();
  };
  void end().then(
    () => {
      over = true;
    },
    (error: unknown) => {
      failure = error;
      over = true;
    },
  );
  const isTooMuch = () => world.calls() > maxCalls;
  const done = await time.runUntil(() => over || isTooMuch(), time.now() + horizonMs);
  if (failure) throw failure;
  return done && over;
};
