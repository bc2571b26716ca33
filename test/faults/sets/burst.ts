import { checkWorld } from "../invariants/check-world.ts";
import { choicesOf } from "../runs/choices.ts";
import { finish } from "../runs/finish.ts";
import { type People, peopleIn } from "../runs/people.ts";
import { openWorld, tableName, type World } from "../world/open-world.ts";
import { warmUp } from "../world/sdk.ts";

export type Burst = {
  problems: string[];
  calls_per_task: number;
  /** What the heap has grown by, with all that the simulated table holds. */
  heap_mb: number;
  /** Virtual seconds from the first task's creation to the last one's end. */
  seconds: number;
};

const choices = { ...choicesOf(() => 0.99), chance: () => false };
const maxCallsPerTask = 80;

const createAll = async (people: People, projects: number, tasks: number): Promise<string[]> => {
  const ids = await Promise.all(
    Array.from({ length: projects }, (_, index) =>
      people.createProject("ann", { name: `Project ${index}`, workflow: "none" }),
    ),
  );
  await Promise.all(
    Array.from({ length: tasks }, (_, index) =>
      people.createTask("ann", ids[index % projects] ?? "", {
        name: `Task ${index}`,
        agent_type: "coder",
        instructions: "Write a haiku.",
      }),
    ),
  );
  return ids;
};

const waitForAll = async ({ time, dynamodb }: World, tasks: number): Promise<void> => {
  const completed = () =>
    dynamodb
      .all(tableName)
      .filter(({ sk, status }) => String(sk?.S).startsWith("TASK#") && status?.S === "completed");
  while (completed().length < tasks) await time.sleep(5_000);
};

const heapMb = () => process.memoryUsage().heapUsed / 1_000_000;

/** Many tasks at once over some projects, or all in one: nothing may be lost, and each may cost only so much. */
export const runBurst = async ({
  projects,
  tasks,
}: {
  projects: number;
  tasks: number;
}): Promise<Burst> => {
  await warmUp();
  const world = openWorld({
    seed: 1,
    latency: (random) => ({ thereMs: Math.ceil(random() * 20), backMs: Math.floor(random() * 20) }),
  });
  const [startMs, startMb] = [world.time.now(), heapMb()];
  let endMs = startMs;
  const run = async () => {
    const people = peopleIn(world, choices);
    const ids = await createAll(people, projects, tasks);
    await waitForAll(world, tasks);
    endMs = world.time.now();
    await Promise.all(ids.map((id) => people.steer("ann", id, "force-complete")));
  };
  const maxCalls = (tasks + projects) * maxCallsPerTask;
  const ended = await finish(world, run(), maxCalls);
  const problems = ended
    ? checkWorld(world, { maxCalls: maxCalls, peaceful: true })
    : ["it came to no end"];
  return {
    problems,
    calls_per_task: Math.round((world.calls() / tasks) * 10) / 10,
    heap_mb: Math.round(heapMb() - startMb),
    seconds: Math.round((endMs - startMs) / 1_000),
  };
};
