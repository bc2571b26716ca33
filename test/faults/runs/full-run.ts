import type { World } from "../world/open-world.ts";
import { choicesOf } from "./choices.ts";
import { peopleIn } from "./people.ts";

/** No chance in here. */
const choices = { ...choicesOf(() => 0), chance: () => false };

const pollMs = 45_000;
const awayMs = 6_000;
const ended = ["completed", "failed", "cancelled"];

type Data = { request_id?: string; event?: string };

/**
 * A person who has a project made from start to launch: creates it, watches it, and says yes at its gates; goes away
 * after the second, and comes back for what was missed. What the socket does not bring is looked up now and then.
 */
export const fullRun = async (world: World): Promise<void> => {
  const { time } = world;
  const people = peopleIn(world, choices);
  const project_id = await people.createProject("ann", {
    name: "Recipe box",
    description: "People can save recipes. [[sleep:2500]]",
  });
  const watcher = world.watchProject(project_id);
  const asked = new Set<string>();
  let over = false;

  const beAway = async () => {
    watcher.hangUp();
    await time.sleep(awayMs);
    await watcher.connect();
  };
  const approve = async (request_id: string) => {
    if (asked.has(request_id)) return;
    asked.add(request_id);
    const answered = people.respond("ann", request_id, { action: "approve" });
    await Promise.all([answered, ...(asked.size === 2 ? [beAway()] : [])]);
  };
  const arrived = new Promise<void>((resolve) =>
    watcher.copy.hear(({ event_type, data }) => {
      const { request_id, event } = data as Data;
      if (event_type === "hitl_request_created") void approve(String(request_id));
      if (event === "project_completed") resolve();
    }),
  );
  const poll = async (): Promise<void> => {
    await time.sleep(pollMs);
    if (over) return;
    const { status, pending_hitl } = await people.status(project_id);
    for (const { request_id } of pending_hitl) await approve(request_id);
    if (!ended.includes(status)) await poll();
  };
  await watcher.connect();
  await Promise.race([arrived, poll()]);
  over = true;
};
