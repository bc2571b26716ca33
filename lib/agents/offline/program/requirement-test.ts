import type { SourceCodeFile } from "../../contents/source-code.ts";

/** The program's test of each requirement that it meets. */
export const requirementTest: readonly SourceCodeFile[] = [
  {
    path: "test/requirements.test.js",
    language: "javascript",
    content: String.raw`import assert from "node:assert/strict";
import test from "node:test";
import { entities, exampleOf, openProgram, routes } from "../support/example.js";

const addTo = ({ entity }, call) => call("POST", "/" + entity.name, exampleOf(entity)).body;
const at = ({ path }, { id }) => path.replace("{id}", id);

/** What is tried for each kind of route. */
const trials = {
  add: (route, { anna }) => {
    const { status, body } = anna("POST", route.path, exampleOf(route.entity));
    assert.equal(status, 201);
    assert.equal(anna("GET", "/" + route.entity.name + "/" + body.id).status, 200);
  },
  list: (route, { anna, ben }) => {
    assert.deepEqual(anna("GET", route.path).body, { total: 0, items: [] });
    const { id } = addTo(route, anna);
    assert.deepEqual(anna("GET", route.path).body.items.map((item) => item.id), [id]);
    assert.equal(ben("GET", route.path).body.total, 0);
  },
  view: (route, { anna }) => {
    const path = "/" + route.entity.name;
    const fields = { name: "in the view", paid: false, done: route.view === "finished" };
    anna("POST", path, { ...fields, due_on: route.view === "upcoming" ? "9999-12-31" : "2000-01-01" });
    anna("POST", path, { name: "not in it", paid: true, done: route.view !== "finished", due_on: "2000-01-01" });
    assert.deepEqual(anna("GET", route.path).body.items.map(({ name }) => name), ["in the view"]);
  },
  get: (route, { anna }) => assert.equal(anna("GET", at(route, addTo(route, anna))).status, 200),
  change: (route, { anna }) => {
    const entry = addTo(route, anna);
    assert.equal(anna("PATCH", at(route, entry), { name: "changed" }).body.name, "changed");
  },
  remove: (route, { anna }) => {
    const entry = addTo(route, anna);
    assert.equal(anna("DELETE", at(route, entry)).status, 204);
    assert.equal(anna("DELETE", at(route, entry)).status, 404);
  },
  history: (route, { anna }) => {
    const { items } = anna("GET", at(route, addTo(route, anna))).body;
    assert.deepEqual(items.map(({ what }) => what), ["add"]);
  },
  rate: (route, { anna, ben }) => {
    const entry = addTo(route, anna);
    anna("PATCH", "/" + route.entity.name + "/" + entry.id, { shared_with: ["*"] });
    anna("POST", at(route, entry), { stars: 1 });
    anna("POST", at(route, entry), { stars: 5 });
    const { body } = ben("POST", at(route, entry), { stars: 4 });
    assert.deepEqual([body.rating, body.ratings], [4.5, 2]);
    assert.equal(ben("POST", at(route, entry), { stars: 6 }).status, 400);
  },
  comment: (route, { anna, ben }) => {
    const entry = addTo(route, anna);
    const { body } = anna("POST", at(route, entry), { text: "good" });
    assert.deepEqual(body.comments.map(({ by, text }) => [by, text]), [["anna", "good"]]);
    assert.equal(ben("POST", at(route, entry), { text: "x" }).status, 404);
  },
  share: (route, { anna, ben }) => {
    const entry = addTo(route, anna);
    assert.equal(anna("POST", at(route, entry), { with: ["ben"] }).status, 200);
    assert.equal(ben("GET", "/" + route.entity.name + "/" + entry.id).status, 200);
  },
  mark: (route, { anna, ben }) => {
    const entry = addTo(route, anna);
    assert.equal(ben("POST", at(route, entry)).status, 404);
    const { status, body } = anna("POST", at(route, entry));
    assert.deepEqual([status, typeof body.last_action, body.version], [200, "string", 2]);
  },
  sign: (route, { anna, ben }) => {
    const entry = addTo(route, anna);
    assert.equal(ben("POST", at(route, entry)).status, 404);
    anna("PATCH", "/" + route.entity.name + "/" + entry.id, { shared_with: ["*"] });
    anna("POST", at(route, entry));
    anna("POST", at(route, entry));
    const { body } = ben("POST", at(route, entry));
    assert.deepEqual(Object.values(body.signed), [["anna", "ben"]]);
  },
  export: (route, { anna }) => {
    anna("POST", "/" + route.entity.name, { name: '=1+1 "a"' });
    const { body, headers } = anna("GET", route.path);
    assert.match(headers["content-type"], /^text\/csv/);
    assert.match(body, /"'=1\+1 ""a"""/);
  },
  collect: (route, { anna, ben }) => {
    const { entities, list, date } = route.source;
    const plan = (name, items, day) =>
      anna("POST", "/" + entities[0], { name, ...(items && { [list]: items }), ...(day && { [date]: day }) });
    assert.equal(anna("POST", route.path, { from: "2030-01-28" }).status, 409);
    plan("soup", ["leek", "salt"], "2030-01-28");
    plan("rice", ["rice"], null);
    anna("POST", "/" + entities.at(-1), { name: "Rice", [date]: "2030-02-03" });
    plan("cake", ["salt"], "2030-02-03");
    plan("later", ["egg"], "2030-02-04");
    const { status, body } = anna("POST", route.path, { from: "2030-01-28" });
    assert.equal(status, 201);
    assert.deepEqual(body.items.toSorted(), ["leek", "rice", "salt (2 times)"]);
    assert.equal(ben("POST", route.path, { from: "2030-01-28" }).status, 409);
  },
};

for (const route of routes.filter(({ requirement }) => requirement !== null))
  test(route.requirement + ": " + route.purpose + (route.kept_only ? " – only that entries about it are kept" : ""), () => trials[route.kind](route, openProgram()));

test("every address is a route of its own", () => {
  const asked = routes.filter(({ requirement }) => requirement !== null).map(({ method, path }) => method + " " + path);
  assert.equal(new Set(asked).size, asked.length);
  assert.ok(entities.length > 0);
});
`,
  },
];
