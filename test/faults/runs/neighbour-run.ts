import type { World } from "../world/open-world.ts";
import type { Choices } from "./choices.ts";
import { peopleIn } from "./people.ts";

export const neighbour = "acme";

type Visit = {
  /** What is made in the project. */
  make: "note" | "task";
  isWatched: boolean;
  /** How long the project lasts after that. */
  lastsMs: number;
};

/**
 * Another tenant's project on the same tables, queues and sockets. Its person has the name of one next door, and her
 * program names its requests by the same keys.
 */
export const neighbourRun = async (
  world: World,
  choices: Choices,
  { make, isWatched, lastsMs }: Visit,
): Promise<void> => {
  const people = peopleIn(world, choices, neighbour);
  const project_id = await people.createProject("ann", { name: "Next door", workflow: "none" });
  if (isWatched) await world.watchProject(project_id, { tenant: neighbour }).connect();
  if (make === "note") await people.addArtifact("ann", project_id, "A note from next door");
  else {
    await people.createTask("ann", project_id, {
      name: "Next door's task",
      agent_type: "coder",
      instructions: "Write a haiku.",
    });
  }
  await world.time.sleep(lastsMs);
  await people.steer("ann", project_id, "force-complete");
};
