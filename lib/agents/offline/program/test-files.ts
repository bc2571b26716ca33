import type { SourceCodeFile } from "../../contents/source-code.ts";

/** The program's tests of every entity and of its interface. */
export const testFiles: readonly SourceCodeFile[] = [
  {
    path: "support/example.js",
    language: "javascript",
    content: `import { createApp } from "../src/app.js";
import { project } from "../src/project.js";
import { routes } from "../src/routes.js";
import { createStore } from "../src/store.js";

export { routes };

const values = {
  text: (word) => word,
  number: () => 1.5,
  whole: () => 2,
  boolean: () => true,
  date: () => "2030-01-31",
  list: (word) => [word, "second"],
};

/** Makes the fields of an entry, with a word of its own in each text and list. */
export const exampleOf = (entity, word = "first") =>
  Object.fromEntries(
    Object.entries(entity.fields)
      .filter(([name]) => name !== "shared_with")
      .map(([name, kind]) => [name, values[kind](word + " " + name)]),
  );

/** Opens the program with an empty store. as(user) gives a function that sends a request and reads the answer. */
export const openProgram = () => {
  const app = createApp({ store: createStore(), routes, project });
  const as = (user) => (method, url, body) => {
    const headers = user === null ? {} : { "x-user": user };
    const answer = app({ method, url, headers, body: body === undefined ? "" : JSON.stringify(body) });
    const isJson = answer.headers["content-type"].startsWith("application/json") && answer.body !== "";
    return { ...answer, body: isJson ? JSON.parse(answer.body) : answer.body };
  };
  return { app, as, anna: as("anna"), ben: as("ben") };
};

/** Lists the entities, each once. */
export const entities = [...new Map(routes.map(({ entity }) => [entity.name, entity])).values()];
`,
  },
  {
    path: "test/entries.test.js",
    language: "javascript",
    content: `import assert from "node:assert/strict";
import test from "node:test";
import { entities, exampleOf, openProgram } from "../support/example.js";

for (const entity of entities) {
  const path = "/" + entity.name;

  test(entity.name + ": an entry is added, read, changed and removed", () => {
    const { anna } = openProgram();
    const added = anna("POST", path, exampleOf(entity));
    assert.equal(added.status, 201);
    assert.deepEqual(anna("GET", path + "/" + added.body.id).body, added.body);
    const changed = anna("PATCH", path + "/" + added.body.id, { name: "other" });
    assert.deepEqual([changed.status, changed.body.name, changed.body.version], [200, "other", 2]);
    assert.equal(anna("DELETE", path + "/" + added.body.id).status, 204);
    assert.equal(anna("GET", path + "/" + added.body.id).status, 404);
  });

  test(entity.name + ": a search looks at every text and list", () => {
    const { anna } = openProgram();
    anna("POST", path, exampleOf(entity, "needle"));
    anna("POST", path, { name: "other" });
    const searched = Object.entries(entity.fields).filter(([name, kind]) => /^(text|list)$/.test(kind) && name !== "shared_with");
    for (const [name] of searched) {
      const { body } = anna("GET", path + "?q=" + encodeURIComponent("NEEDLE " + name));
      assert.equal(body.total, 1, name);
    }
    assert.equal(anna("GET", path).body.total, 2);
    assert.equal(anna("GET", path + "?q=nothing-like-it").body.total, 0);
  });

  test(entity.name + ": an entry is its owner's alone until it is shared", () => {
    const { anna, ben } = openProgram();
    const at = path + "/" + anna("POST", path, exampleOf(entity)).body.id;
    assert.equal(ben("GET", path).body.total, 0);
    for (const method of ["GET", "PATCH", "DELETE"]) assert.equal(ben(method, at, { name: "x" }).status, 404);
    anna("PATCH", at, { shared_with: ["ben"] });
    assert.equal(ben("GET", at).status, 200);
    assert.equal(ben("PATCH", at, { name: "x" }).status, 403);
    assert.equal(ben("DELETE", at).status, 403);
  });

  test(entity.name + ": wrong entries are refused and not kept", () => {
    const { anna } = openProgram();
    const wrong = [{}, { name: " " }, { name: 1 }, [], "text", { name: "x", id: "7" }, { name: "x", deep: { a: 1 } }];
    for (const body of wrong) assert.equal(anna("POST", path, body).status, 400, JSON.stringify(body));
    for (const [name, kind] of Object.entries(entity.fields))
      assert.equal(anna("POST", path, { name: "x", [name]: kind === "text" ? 7 : {} }).status, 400, name);
    assert.equal(anna("GET", path).body.total, 0);
  });
}
`,
  },
  {
    path: "test/http.test.js",
    language: "javascript",
    content: `import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { createApp, maxBody } from "../src/app.js";
import { project } from "../src/project.js";
import { serve } from "../src/serve.js";
import { createStore } from "../src/store.js";
import { entities, openProgram, routes } from "../support/example.js";

const [{ name: first }] = entities;

test("an unknown address is 404, a wrong method 405, no user 401", () => {
  const { as, anna } = openProgram();
  assert.equal(anna("GET", "/no/such/address").status, 404);
  const wrong = anna("PUT", "/" + first);
  assert.equal(wrong.status, 405);
  assert.match(wrong.headers.allow, /POST/);
  assert.equal(as(null)("GET", "/" + first).status, 401);
  assert.equal(as("*")("GET", "/" + first).status, 400);
  assert.equal(anna("GET", "/%ff").status, 400);
});

test("a body that is no JSON is 400, one that is too long 413", () => {
  const { app } = openProgram();
  const post = (body) => app({ method: "POST", url: "/" + first, headers: { "x-user": "anna" }, body }).status;
  assert.equal(post("{"), 400);
  assert.equal(post("[" + " ".repeat(maxBody) + "]"), 413);
});

test("the index page names the project, and no text of it is markup", () => {
  const { body, status } = openProgram().as(null)("GET", "/");
  assert.equal(status, 200);
  assert.match(body, /<h1>/);
  const odd = createApp({ store: createStore(), routes, project: { name: "<script>", about: "&" } });
  assert.ok(odd({ method: "GET", url: "/", headers: {} }).body.includes("<h1>&lt;script&gt;</h1>"));
});

test("the program answers over HTTP, and its file keeps the entries", async () => {
  const file = fileURLToPath(new URL("../data/test-" + process.pid + ".json", import.meta.url));
  const app = createApp({ store: createStore(file), routes, project });
  const server = await serve(app, { port: 0, host: "127.0.0.1" });
  try {
    const address = "http://127.0.0.1:" + server.address().port + "/" + first;
    const headers = { "x-user": "anna", "content-type": "application/json" };
    const added = await fetch(address, { method: "POST", headers, body: JSON.stringify({ name: "one" }) });
    assert.equal(added.status, 201);
    const { id } = await added.json();
    assert.equal(createStore(file).find(first, id).fields.name, "one");
    assert.equal(JSON.parse(readFileSync(file, "utf8")).entries.length, 1);
    const page = await fetch(new URL("/", address));
    assert.equal(page.headers.get("content-type"), "text/html; charset=utf-8");
  } finally {
    server.closeAllConnections();
    server.close();
    if (existsSync(file)) rmSync(file);
  }
});

test("a file that another process uses is refused, one of a process that ended is taken", () => {
  const file = fileURLToPath(new URL("../data/test-lock-" + process.pid + ".json", import.meta.url));
  mkdirSync(new URL("../data/", import.meta.url), { recursive: true });
  writeFileSync(file + ".lock", String(process.ppid || 1));
  assert.throws(() => createStore(file), /is in use by process/);
  writeFileSync(file + ".lock", "999999999");
  assert.deepEqual(createStore(file).all(first), []);
});
`,
  },
];
