import type { World } from "../world/open-world.ts";
import { type Choices, choicesOf } from "./choices.ts";
import { neighbourRun } from "./neighbour-run.ts";
import { type People, peopleIn, type Status } from "./people.ts";

const over = ["completed", "failed", "cancelled"];
const directives = [
  "",
  "",
  "",
  "[[sleep:700]]",
  "[[sleep:4000]]",
  "[[sleep:130000]]",
  "[[fail:1]]",
  "[[fail:2]]",
  "[[fail:3]]",
  "[[ask:Which one?]]",
  "[[tests:fail:1]]",
  "[[confidence:0.3]]",
  "[[bytes:5000]]",
] as const;
const users = ["ann", "bob", "cem"] as const;

type Scene = { world: World; choices: Choices; people: People };

const later = (scene: Scene, maxMs: number) =>
  scene.world.time.sleep(scene.choices.between(0, maxMs));

/** One answer to one request; a person who finds it decided already takes it as it is. */
const answer = async (
  { choices, people }: Scene,
  { request_id, options }: Status["pending_hitl"][number],
  patience: number,
) => {
  const failed = options.includes("retry");
  const calm = patience <= 0;
  const action = calm ? "approve" : choices.pick(["approve", "approve", "amend", "reject"]);
  const content = failed
    ? choices.pick(calm ? ["skip"] : ["retry", "skip", "cancel"])
    : "With more love.";
  const body =
    failed && calm
      ? { action: "amend", content }
      : { action, ...(action === "amend" && { content }) };
  await people.respond(choices.pick(users), request_id, body);
};

/** All pending requests; now and then two people answer one at once. */
const answerAll = (scene: Scene, { pending_hitl }: Status, patience: number) =>
  Promise.all(
    pending_hitl.flatMap((request) =>
      Array.from({ length: scene.choices.pick([1, 1, 2, 3]) }, () =>
        answer(scene, request, patience),
      ),
    ),
  );

const isIdle = ({ tasks, pending_hitl }: Status) =>
  pending_hitl.length === 0 && tasks.every(({ status }) => over.includes(status));

const stopped: readonly string[] = ["paused", "halted"];

/** Looks after a project until it is over: answers, and sets it going again. */
const lookAfter = async (scene: Scene, project_id: string, workflow: string): Promise<void> => {
  const { world, choices, people } = scene;
  const patient = choices.between(0, 4);
  for (let round = 1; ; round += 1) {
    await world.time.sleep(choices.between(2_000, 8_000) * Math.min(round, 8));
    const status = await people.status(project_id);
    if (over.includes(status.status)) return;
    if (stopped.includes(status.status)) await people.steer("ann", project_id, "resume");
    await answerAll(scene, status, patient - round);
    if (workflow === "sdlc") await wake(scene, project_id, status.tasks);
    else if (isIdle(status)) await people.steer("ann", project_id, "force-complete");
  }
};

/** A workflow whose task somebody cancelled stands still until the task is tried again. */
const wake = async ({ people }: Scene, project_id: string, tasks: Status["tasks"]) => {
  const cancelled = tasks.filter(({ status }) => status === "cancelled");
  if (tasks.some(({ status }) => ["pending", "working", "waiting_for_hitl"].includes(status)))
    return;
  for (const { task_id } of cancelled.slice(-1)) await people.retryTask("ann", project_id, task_id);
};

/** Somebody who pauses, cancels and adds things at the wrong moment. */
const meddle = async (scene: Scene, project_id: string): Promise<void> => {
  const { choices, people } = scene;
  await later(scene, 20_000);
  const deeds = [
    () => people.steer("bob", project_id, "pause"),
    () => people.addArtifact("bob", project_id, `Note ${next()}`),
    async () => {
      const { tasks } = await people.status(project_id);
      const [task] = tasks;
      if (task) await people.cancelTask("bob", project_id, task.task_id);
    },
    async () => {
      if (choices.chance(0.3)) await people.steer("bob", project_id, "cancel");
    },
  ] as const;
  await choices.pick(deeds)();
};

/** Watches for a while, goes, and may come back for what was missed. */
const watch = async (scene: Scene, project_id: string): Promise<void> => {
  await later(scene, 15_000);
  await scene.world.watchProject(project_id).connect();
};

let made = 0;
const next = () => {
  made += 1;
  return made;
};

const addTasks = (scene: Scene, project_id: string, count: number) =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const name = `Task ${next()}`;
      await later(scene, 3_000);
      const { choices } = scene;
      const instructions = `Write a haiku. ${choices.pick(directives)}`;
      await scene.people.createTask(choices.pick(users), project_id, {
        name,
        agent_type: choices.pick(["coder", "analyst", "tester"]),
        instructions,
      });
    }),
  );

const runProject = async (scene: Scene): Promise<void> => {
  const { choices, people } = scene;
  const workflow = choices.chance(0.03) ? "sdlc" : "none";
  const project_id = await people.createProject(choices.pick(users), {
    name: `Project ${next()}`,
    description: `A list of old books. ${workflow === "sdlc" ? choices.pick(directives) : ""}`,
    oversight_level: choices.pick(["low", "low", "medium"]),
    workflow,
  });
  const watching = Array.from({ length: choices.pick([0, 1, 1, 1, 2]) }, () =>
    watch(scene, project_id),
  );
  if (workflow === "none") await addTasks(scene, project_id, choices.pick([1, 1, 2, 3]));
  await Promise.all([
    lookAfter(scene, project_id, workflow),
    ...(choices.chance(0.4) ? [meddle(scene, project_id)] : []),
    ...watching,
  ]);
};

/** A small project of another tenant: it costs less than the others do. */
const runNeighbour = ({ world, choices }: Scene): Promise<void> =>
  neighbourRun(world, choices, {
    make: choices.pick(["note", "task"]),
    isWatched: choices.chance(0.3),
    lastsMs: choices.between(2_000, 30_000),
  });

/** A world of chance, of two tenants: some projects, tasks with odd orders, people who race, meddle and watch. */
export const randomRun = async (world: World): Promise<void> => {
  const choices = choicesOf(world.random);
  const scene = { world, choices, people: peopleIn(world, choices) };
  made = 0;
  await Promise.all([
    ...Array.from({ length: choices.pick([1, 1, 1, 1, 1, 1, 1, 2]) }, () => runProject(scene)),
    runNeighbour(scene),
  ]);
};
