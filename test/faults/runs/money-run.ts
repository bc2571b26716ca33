import type { World, WorldOptions } from "../world/open-world.ts";
import { type Choices, choicesOf } from "./choices.ts";
import { type People, peopleIn, type Status } from "./people.ts";

type Scene = { world: World; choices: Choices; people: People };

type PendingRequest = Status["pending_hitl"][number];

/** No chance in here. */
const choices = { ...choicesOf(() => 0), chance: () => false };

/** The day ends ten seconds after the beginning; the limits are for a few calls of the spender. */
export const moneyWorld: Omit<WorldOptions, "seed"> = {
  startMs: Date.parse("2030-01-01T23:59:50.000Z"),
  budgets: {
    BUDGET_TASK_USD: "0.20",
    BUDGET_PROJECT_USD: "0.40",
    BUDGET_TENANT_USD: "1.12",
    BUDGET_DAY_USD: "1.10",
  },
};

const over = ["completed", "failed", "cancelled"];

/** A limit that a person may set goes up by as much as a task has at first. */
const higherThan = (question: string): string => {
  const [, limit = 0] = /^Of the \$([\d.]+)/.exec(question) ?? [];
  return (Number(limit) + 0.2).toFixed(2);
};

/** What a person says whose tasks need money; where the operator's limit stands, they give up when asked again. */
const wordsFor = ({ options, question }: PendingRequest, isAskedAgain: boolean) => {
  if (options.includes("retry")) return { action: "amend", content: "skip" };
  if (!question.includes("Nothing more is called")) return { action: "approve" };
  if (question.includes("Amend")) return { action: "amend", content: higherThan(question) };
  return { action: isAskedAgain ? "reject" : "approve" };
};

/** Answers until all tasks are over, or one was given up; then closes the project. */
const lookAfter = async (scene: Scene, project_id: string, patience: number): Promise<void> => {
  const { world, people } = scene;
  const seen = new Set<string>();
  for (let round = 1; ; round += 1) {
    await world.time.sleep(2_500 * Math.min(round, 8));
    const { status, tasks, pending_hitl } = await people.status(project_id);
    if (over.includes(status)) return;
    for (const asked of pending_hitl) {
      const about = `${asked.task_id} ${asked.question}`;
      await people.respond("ann", asked.request_id, wordsFor(asked, seen.has(about)));
      seen.add(about);
    }
    const isDone = tasks.every((task) => over.includes(task.status));
    if (isDone || status === "halted" || round > patience) {
      await people.steer("ann", project_id, "force-complete");
    }
  }
};

type Order = {
  project: string;
  calls: string[];
  patience: number;
  /** What somebody does to the first task, and after how long. */
  meddling?: { afterMs: number; by: keyof typeof meddlers } | undefined;
};

/** Ways to take a task from its worker for good. */
const meddlers = {
  cancel: async ({ people }: Scene, project_id: string, task_id: string) => {
    await people.cancelTask("ann", project_id, task_id);
  },
  cancelTwice: async ({ people }: Scene, project_id: string, task_id: string) => {
    await people.cancelTask("ann", project_id, task_id);
    await people.retryTask("ann", project_id, task_id);
    await people.cancelTask("ann", project_id, task_id);
  },
  askAndCancel: async ({ people }: Scene, project_id: string, task_id: string) => {
    await people.ask("ann", project_id, task_id, "Is this still wanted?");
    await people.cancelTask("ann", project_id, task_id);
  },
} as const;

const runProject = async (scene: Scene, order: Order): Promise<void> => {
  const { world, people } = scene;
  const { project, calls, patience, meddling } = order;
  const project_id = await people.createProject("ann", { name: project, workflow: "none" });
  const ids: string[] = [];
  for (const [index, directive] of calls.entries()) {
    const { body } = await people.createTask("ann", project_id, {
      name: `${project} ${index}`,
      agent_type: "coder",
      instructions: `Ask the model. [[calls:${directive}]]`,
    });
    ids.push(String(body.task_id));
  }
  if (meddling) {
    await world.time.sleep(meddling.afterMs);
    await meddlers[meddling.by](scene, project_id, String(ids[0]));
  }
  await lookAfter(scene, project_id, patience);
};

/** Two projects whose tasks spend, up to the limits of each, the projects, and the tenant, while one day ends. */
export const moneyRun = async (world: World): Promise<void> => {
  const scene = { world, choices, people: peopleIn(world, choices) };
  await Promise.all([
    runProject(scene, {
      project: "Shop",
      calls: ["3", "2:12000", "1:3000", "1:3000", "1:3000"],
      patience: 60,
    }),
    runProject(scene, {
      project: "Blog",
      calls: ["1:5000", "4"],
      patience: 60,
      meddling: { afterMs: 300, by: "cancelTwice" },
    }),
  ]);
};

/** The same by chance: how many projects and calls, how long these take, how much they want, and when people lose their patience. */
export const randomMoneyRun = async (world: World): Promise<void> => {
  const chance = choicesOf(world.random);
  const scene = { world, choices: chance, people: peopleIn(world, chance) };
  const callsOf = () => {
    const least = chance.between(1, 600);
    const most = least + chance.between(0, 1_200);
    return `${chance.between(1, 4)}:${chance.pick([300, 700, 700, 5_000, 12_000])}:${least}:${most}`;
  };
  const orders = Array.from({ length: chance.between(1, 3) }, (_, index) => ({
    project: `Project ${index}`,
    calls: Array.from({ length: chance.between(1, 3) }, callsOf),
    patience: chance.between(2, 20),
    meddling: chance.chance(0.4)
      ? {
          afterMs: chance.between(0, 10_000),
          by: chance.pick<keyof typeof meddlers>(["cancel", "cancelTwice", "askAndCancel"]),
        }
      : undefined,
  }));
  await Promise.all(orders.map((order) => runProject(scene, order)));
};
