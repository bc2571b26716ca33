import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import { approveUntil, artifactsOf, base, createProject, ok } from "./client.ts";

const run = promisify(execFile);

/** Unpacks the source code of a project's archive into an empty folder. */
const unpackSource = async (id: string) => {
  const response = await fetch(`${base}/artifacts/${id}/download`);
  const entries = Object.entries(unzipSync(new Uint8Array(await response.arrayBuffer())));
  const folder = await mkdtemp(join(tmpdir(), "botarmy-archive-"));
  for (const [path, data] of entries) {
    const [, top, ...names] = path.split("/");
    if (top !== "source") continue;
    await mkdir(join(folder, dirname(names.join("/"))), { recursive: true });
    await writeFile(join(folder, names.join("/")), data);
  }
  const readme = new TextDecoder().decode(
    entries.find(([path]) => /^[^/]+\/source\/README\.md$/.test(path))?.[1],
  );
  return { folder, readme };
};

/** The commands in the first block of a README. */
const commandsIn = (readme: string) =>
  (/```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? "").trim().split("\n");

/** An environment with this Node first, a home of its own, and nothing else. */
const environmentOf = (folder: string) => ({
  PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  HOME: folder,
  npm_config_cache: join(folder, ".npm"),
  npm_config_offline: "true",
  npm_config_update_notifier: "false",
  PORT: "0",
});

const stop = async (child: ChildProcess) => {
  const ended = once(child, "exit");
  process.kill(-(child.pid ?? 0), "SIGTERM");
  await ended;
};

/** Starts the program, and gives the address that it prints. */
const start = async (command: string, folder: string) => {
  const [file = "", ...args] = command.split(" ");
  const env = environmentOf(folder);
  const child = spawn(file, args, {
    cwd: folder,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /listens on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1];
    if (address) return { child, address };
  }
  throw new Error("The program ended before it listened");
};

const openSource = async (id: string) => {
  const { folder, readme } = await unpackSource(id);
  const [install = "", check = "", begin = ""] = commandsIn(readme);
  const dispose = () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  const npm = (command: string) => {
    const [file = "", ...args] = command.split(" ");
    return run(file, args, { cwd: folder, env: environmentOf(folder) });
  };
  return { install, check, begin, folder, npm, [Symbol.asyncDispose]: dispose };
};

const ask = async (address: string, route: string, user: string | null, body?: unknown) => {
  const [method = "", path = ""] = route.split(" ");
  const response = await fetch(`${address}${path}`, {
    method,
    ...(user && { headers: { "x-user": user } }),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: text.startsWith("{") ? JSON.parse(text) : null };
};

/** What a customer does first, by hand. */
const tryRecipeBox = async (address: string) => {
  const soup = { name: "Soup", ingredients: ["leek", "salt"] };
  const { status, body } = await ask(address, "POST /recipes", "anna", soup);
  expect([status, body.owner]).toEqual([201, "anna"]);
  expect((await ask(address, "GET /recipes/search?q=leek", "anna")).body.items).toMatchObject([
    soup,
  ]);
  expect((await ask(address, "GET /recipes?q=leek", "ben")).body.total).toBe(0);
  expect((await ask(address, `GET /recipes/${body.id}`, "ben")).status).toBe(404);
  await ask(address, "POST /meals/plan", "anna", { name: "soup", planned_for: "2030-02-02" });
  const made = await ask(address, "POST /shopping-list/print", "anna", { from: "2030-01-28" });
  expect(made.body.items).toEqual(["leek", "salt"]);
  expect((await ask(address, "POST /recipes", "anna", { name: "" })).status).toBe(400);
  expect((await ask(address, "GET /recipes", null)).status).toBe(401);
  expect((await ask(address, "PUT /recipes", "anna")).status).toBe(405);
  expect((await ask(address, "GET /nothing", "anna")).status).toBe(404);
};

test.for([
  {
    name: "Recipe box",
    description:
      "People can save recipes, search recipes by ingredient, plan the meals of a week and print a shopping list.",
    use: tryRecipeBox,
  },
  {
    name: `<h1>"*/ \${x}\``,
    description: "*/ 用户可以购买书籍; Users can delete class, print `rm`",
    use: async (address: string) =>
      expect((await ask(address, "GET /", null)).text).not.toContain("<h1><h1>"),
  },
])(
  "the program for $name installs, passes its tests, starts and answers by its README",
  async (project) => {
    const { use, ...given } = project;
    const { id } = await createProject({ ...given, workflow: "sdlc", oversight_level: "low" });
    await approveUntil(id, "completed");
    const results = (await artifactsOf(id)).find((each) => each.artifact_type === "test_results");
    const { content } = await ok<{ content: unknown }>(
      `GET /context/artifacts/${results?.context_id}`,
    );
    expect(content).toMatchObject({
      status: "passed",
      failed: 0,
      run: { node: expect.any(String) },
    });
    await using source = await openSource(id);
    expect([source.install, source.check, source.begin]).toEqual([
      "npm install",
      "npm test",
      "npm start",
    ]);
    await source.npm(source.install);
    await source.npm(source.check);
    const { child, address } = await start(source.begin, source.folder);
    try {
      await use(address);
    } finally {
      await stop(child);
    }
  },
);
