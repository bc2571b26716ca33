import type { SourceCodeFile } from "../../contents/source-code.ts";

/** How entries are found, added, changed and removed. */
export const entryFiles: readonly SourceCodeFile[] = [
  {
    path: "src/search.js",
    language: "javascript",
    content: String.raw`const textOf = (value) => (Array.isArray(value) ? value.join("\n") : String(value));
const plain = (text) => text.normalize("NFKC").toLowerCase();

/** Lists every text of an entry that a search looks at: all fields, also the items of lists and the comments. */
const textsOf = ({ fields, comments }) => [
  ...Object.values(fields).map(textOf),
  ...comments.map(({ text }) => text),
];

/** Whether each word of words is somewhere in the entry. Capitals make no difference. */
export const contains = (entry, words) => {
  const text = plain(textsOf(entry).join("\n"));
  return plain(words).split(/\s+/).every((word) => text.includes(word));
};

const isDue = ({ fields }, name, today) => typeof fields[name] === "string" && fields[name].slice(0, 10) < today;
const dayOf = ({ fields, created_at }) =>
  String(fields.happened_on ?? fields.measured_at ?? fields.starts_at ?? fields.planned_for ?? fields.due_on ?? created_at).slice(0, 10);

/** Views that a list can be limited to, by name. */
const views = {
  overdue: (entry, today) => isDue(entry, "due_on", today) && entry.fields.done !== true && entry.fields.paid !== true,
  unpaid: ({ fields }) => fields.paid !== true,
  open: ({ fields }) => fields.done !== true,
  finished: ({ fields }) => fields.done === true,
  upcoming: (entry, today) => dayOf(entry) >= today,
};

/** The queries that mean no field. */
const named = new Set(["q", "view", "from", "to", "limit", "offset"]);

const hasValue = (entry, name, value) => {
  const held = Object.hasOwn(entry.fields, name) ? entry.fields[name] : name === "owner" ? entry.owner : undefined;
  return Array.isArray(held) ? held.some((item) => plain(item) === plain(value)) : held !== undefined && plain(String(held)) === plain(value);
};

/** Whether an entry is among those that a query asks for. */
export const matches = (entry, query, today) => {
  const { q = "", view, from, to } = query;
  if (q.trim() !== "" && !contains(entry, q.trim())) return false;
  if (view !== undefined && !(Object.hasOwn(views, view) && views[view](entry, today))) return false;
  if (from !== undefined && dayOf(entry) < from) return false;
  if (to !== undefined && dayOf(entry) > to) return false;
  return Object.entries(query).every(([name, value]) => named.has(name) || hasValue(entry, name, value));
};

export const isView = (name) => Object.hasOwn(views, name);
`,
  },
  {
    path: "src/entries.js",
    language: "javascript",
    content: String.raw`import { checks } from "./checks.js";
import { checkFields } from "./fields.js";
import { Refusal } from "./refusal.js";
import { isView, matches } from "./search.js";

const maxHistory = 100;
const pageSize = 100;

const sharedWith = ({ fields }) => fields.shared_with ?? [];
const isOwner = (entry, { user }) => entry.owner === user;
/** An entry is its owner's alone, until the owner shares it: with names, or with everybody by "*". */
export const maySee = (entry, call) =>
  isOwner(entry, call) || sharedWith(entry).some((name) => name === "*" || name === call.user);

const average = (ratings) => {
  const stars = Object.values(ratings);
  return stars.length === 0 ? null : Math.round((stars.reduce((sum, each) => sum + each, 0) * 10) / stars.length) / 10;
};

/** What a caller sees of an entry. */
export const shown = ({ id, owner, version, created_at, updated_at, fields, ratings, comments, signed, last_action }) => ({
  id, owner, version, created_at, updated_at, ...fields,
  ...(Object.keys(ratings).length > 0 && { rating: average(ratings), ratings: Object.keys(ratings).length }),
  ...(comments.length > 0 && { comments }),
  ...(Object.keys(signed).length > 0 && { signed }),
  ...(last_action !== null && { last_action }),
});

export const ok = (body, status = 200) => ({ status, body });

/** Finds the entry that a call names. Somebody else's entry is as if it were not there. */
export const seen = (store, entity, call) => {
  const entry = store.find(entity.name, call.id);
  if (entry && maySee(entry, call)) return entry;
  throw new Refusal(404, "There is no such " + entity.one + ".");
};

export const owned = (store, entity, call) => {
  const entry = seen(store, entity, call);
  if (isOwner(entry, call)) return entry;
  throw new Refusal(403, "Only its owner may do that.");
};

export const runChecks = (call, entry) => {
  for (const check of checks) check(call, entry);
};

export const changed = (entry, call, what, changes) => ({
  ...entry,
  ...changes,
  version: entry.version + 1,
  updated_at: call.now.toISOString(),
  history: [...entry.history, { at: call.now.toISOString(), by: call.user, what }].slice(-maxHistory),
});

export const keep = (store, entity, fields, call) => {
  const at = call.now.toISOString();
  return store.add({
    kind: entity.name,
    owner: call.user,
    version: 1,
    created_at: at,
    updated_at: at,
    fields,
    ratings: {},
    comments: [],
    signed: {},
    last_action: null,
    history: [{ at, by: call.user, what: "add" }],
  });
};

export const add = (store, entity, call) => {
  const fields = checkFields(entity, call.body);
  runChecks(call, null);
  return ok(shown(keep(store, entity, fields, call)), 201);
};

export const get = (store, entity, call) => ok(shown(seen(store, entity, call)));

const numberIn = (query, name, { usual, max }) => {
  const text = query[name] ?? String(usual);
  if (/^\d{1,9}$/.test(text) && Number(text) <= max) return Number(text);
  throw new Refusal(400, name + " must be a whole number, at most " + max + ".");
};

const checkQuery = (query) => {
  if (query.view !== undefined && !isView(query.view)) throw new Refusal(400, "There is no such view.");
  for (const name of ["from", "to"])
    if (query[name] !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(query[name]))
      throw new Refusal(400, name + " must be a day such as 2030-01-31.");
};

export const found = (store, entity, call) => {
  checkQuery(call.query);
  const today = call.now.toISOString().slice(0, 10);
  return store
    .all(entity.name)
    .filter((entry) => maySee(entry, call) && matches(entry, call.query, today))
    .reverse();
};

/** Lists what the caller may see, the newest first. The query searches: ?q=words, ?view=…, ?from=…&to=…, ?field=value. */
export const list = (store, entity, call) => {
  const all = found(store, entity, call);
  const offset = numberIn(call.query, "offset", { usual: 0, max: 1_000_000 });
  const limit = numberIn(call.query, "limit", { usual: pageSize, max: 1_000 });
  return ok({ total: all.length, items: all.slice(offset, offset + limit).map(shown) });
};

/** A list that is limited to a view, unless the query names another. */
export const listView = (store, entity, call, view) =>
  list(store, entity, { ...call, query: { view, ...call.query } });

/** Changes the fields that are given; null removes one. */
export const change = (store, entity, call) => {
  const entry = owned(store, entity, call);
  const given = checkFields(entity, call.body, true);
  if (given.name === null) throw new Refusal(400, "name cannot be removed.");
  runChecks(call, entry);
  const fields = Object.entries({ ...entry.fields, ...given }).filter(([, value]) => value !== null);
  return ok(shown(store.change(changed(entry, call, "change", { fields: Object.fromEntries(fields) }))));
};

export const remove = (store, entity, call) => {
  const entry = owned(store, entity, call);
  runChecks(call, entry);
  store.remove(entry);
  return ok(null, 204);
};

export const history = (store, entity, call) => ok({ items: seen(store, entity, call).history });

/** The routes that every entity has. */
export const usualRoutes = (entity) => {
  const path = "/" + entity.name;
  const row = (method, at, kind, run) => ({
    method, path: at, kind, entity, requirement: null, purpose: kind + " " + entity.name,
    run: (store, call) => run(store, entity, call),
  });
  return [
    row("POST", path, "add", add),
    row("GET", path, "list", list),
    row("GET", path + "/{id}", "get", get),
    row("PATCH", path + "/{id}", "change", change),
    row("DELETE", path + "/{id}", "remove", remove),
  ];
};
`,
  },
];
