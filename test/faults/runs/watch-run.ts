import type { World } from "../world/open-world.ts";
import { choicesOf } from "./choices.ts";
import { neighbourRun } from "./neighbour-run.ts";
import { peopleIn } from "./people.ts";

const neighbourMs = 2_000;
const neverTwice = { ...choicesOf(() => 0.99), chance: () => false };

/**
 * People who begin to watch while things happen, and never ask for what they missed: by the address and by a message,
 * before, between and after what is added to the project, while another tenant watches one of its own. Then a task that
 * takes longer than a lease.
 */
export const watchRun = async (world: World): Promise<void> => {
  const { time } = world;
  const { createProject, createTask, addArtifact, steer } = peopleIn(world, neverTwice);
  const project_id = await createProject("ann", { name: "Notes", workflow: "none" });
  const add = async (count: number) => {
    for (let index = 0; index < count; index += 1) {
      await addArtifact("ann", project_id, `Note ${index}`);
      await time.sleep(300);
    }
  };
  await Promise.all([
    add(6),
    time.sleep(100).then(world.watchProject(project_id, { silent: true }).connect),
    time.sleep(700).then(world.watchProject(project_id, { silent: true, byMessage: true }).connect),
    neighbourRun(world, neverTwice, { make: "note", isWatched: true, lastsMs: neighbourMs }),
  ]);
  await createTask("ann", project_id, {
    name: "Takes long",
    agent_type: "coder",
    instructions: "Write. [[sleep:130000]]",
  });
  await time.sleep(140_000);
  await steer("ann", project_id, "force-complete");
  await time.sleep(10_000);
};
