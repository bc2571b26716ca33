import type { SourceCodeFile } from "../../contents/source-code.ts";

/** What else can be done with entries. */
export const actionFiles: readonly SourceCodeFile[] = [
  {
    path: "src/actions.js",
    language: "javascript",
    content: String.raw`import { changed, ok, owned, runChecks, seen, shown } from "./entries.js";
import { checkFields, kinds, objectOf } from "./fields.js";
import { Refusal } from "./refusal.js";

const maxComments = 1_000;

/** Takes 1 to 5 stars of everybody who sees the entry; a second rating replaces the first. */
export const rate = (store, entity, call) => {
  const entry = seen(store, entity, call);
  const { stars } = objectOf(call.body);
  if (!Number.isInteger(stars) || stars < 1 || stars > 5) throw new Refusal(400, "stars must be a whole number, 1 to 5.");
  const ratings = Object.fromEntries([...Object.entries(entry.ratings), [call.user, stars]]);
  return ok(shown(store.change(changed(entry, call, "rate", { ratings }))));
};

/** Takes a comment of everybody who sees the entry. */
export const comment = (store, entity, call) => {
  const entry = seen(store, entity, call);
  const { text } = objectOf(call.body);
  if (!kinds.text.is(text) || text.trim() === "") throw new Refusal(400, "text must be a text that is not empty.");
  if (entry.comments.length >= maxComments) throw new Refusal(400, "There are too many comments.");
  runChecks(call, entry);
  const comments = [...entry.comments, { by: call.user, at: call.now.toISOString(), text }];
  return ok(shown(store.change(changed(entry, call, "comment", { comments }))));
};

/** Lets others see the entry: body { with: ["ben"] }, or ["*"] for everybody. */
export const share = (store, entity, call) => {
  const entry = owned(store, entity, call);
  const names = objectOf(call.body).with;
  if (!kinds.list.is(names)) throw new Refusal(400, "with must be a list of users, or [\"*\"] for everybody.");
  const fields = { ...entry.fields, shared_with: names };
  return ok(shown(store.change(changed(entry, call, "share", { fields }))));
};

/** Fields that an action sets, where an entity has them. */
const sets = { complete: "done", finish: "done", close: "done", pay: "paid" };

/** Writes down that the owner did something with the entry: "cancel", "approve". */
export const mark = (store, entity, call, action) => {
  const entry = owned(store, entity, call);
  const given = call.body === null ? {} : checkFields(entity, { name: entry.fields.name, ...objectOf(call.body) });
  runChecks(call, entry);
  const set = Object.hasOwn(sets, action) && entity.fields[sets[action]] === "boolean" ? { [sets[action]]: true } : {};
  const fields = { ...entry.fields, ...set, ...given };
  return ok(shown(store.change(changed(entry, call, action, { fields, last_action: action }))));
};

/** Puts the caller on the entry's list for an action, once: "vote", "join". Everybody who sees the entry may. */
export const sign = (store, entity, call, action) => {
  const entry = seen(store, entity, call);
  runChecks(call, entry);
  const users = [...new Set([...(entry.signed[action] ?? []), call.user])];
  return ok(shown(store.change(changed(entry, call, action, { signed: { ...entry.signed, [action]: users } }))));
};
`,
  },
  {
    path: "src/lists.js",
    language: "javascript",
    content: String.raw`import { found, keep, maySee, ok, runChecks, shown } from "./entries.js";
import { checkFields, isDate, objectOf } from "./fields.js";
import { Refusal } from "./refusal.js";

const cell = (value) => {
  const text = Array.isArray(value) ? value.join("; ") : String(value ?? "");
  const harmless = /^[=+\-@\t\r]/.test(text) && typeof value !== "number" ? "'" + text : text;
  return '"' + harmless.replaceAll('"', '""') + '"';
};

/** Gives what a list would give as CSV. */
export const exportCsv = (store, entity, call) => {
  const entries = found(store, entity, call).map(shown).map(({ comments, ...rest }) => rest);
  const columns = [...new Set(["id", "name", ...entries.flatMap(Object.keys)])];
  const rows = [columns.map(cell), ...entries.map((entry) => columns.map((column) => cell(entry[column])))];
  return { status: 200, body: rows.map((row) => row.join(",") + "\r\n").join(""), type: "text/csv; charset=utf-8" };
};

const dayAfter = (day, days) => new Date(Date.parse(day + "T00:00:00Z") + days * 86_400_000).toISOString().slice(0, 10);

/** Adds up the same items, in the order in which they came first. */
const sumUp = (items) => {
  const counts = new Map();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts].map(([item, count]) => (count === 1 ? item : item + " (" + count + " times)"));
};

const sameName = (one, other) =>
  String(one.fields.name).trim().toLowerCase() === String(other.fields.name).trim().toLowerCase();

/** Gives the list of an entry; one without a list takes that of an entry with the same name: a planned meal its recipe's. */
const listOf = (entry, known, list) => {
  const own = entry.fields[list] ?? [];
  const twin = known.find((other) => sameName(other, entry) && (other.fields[list] ?? []).length > 0);
  return own.length > 0 ? own : (twin?.fields[list] ?? []);
};

/**
 * Makes a list of what the caller has planned: body { from: "2030-01-31", days: 7 }. It takes the entries of source.entities
 * whose date source.date is in that time, and collects their lists source.list.
 */
export const collect = (store, entity, call, source) => {
  const { from, days = 7, name } = objectOf(call.body ?? {});
  if (!isDate(from) || from.length !== 10) throw new Refusal(400, "from must be a day such as 2030-01-31.");
  if (!Number.isInteger(days) || days < 1 || days > 366) throw new Refusal(400, "days must be a whole number, 1 to 366.");
  const to = dayAfter(from, days - 1);
  const known = source.entities.flatMap(store.all).filter((entry) => maySee(entry, call));
  const planned = known.filter(({ fields }) => {
    const day = String(fields[source.date] ?? "").slice(0, 10);
    return day >= from && day <= to;
  });
  const items = sumUp(planned.flatMap((entry) => listOf(entry, known, source.list)));
  if (items.length === 0)
    throw new Refusal(409, "Nothing is planned from " + from + " to " + to + ": set " + source.date + " and " + source.list + " of " + source.entities.join(" or ") + " first.");
  const fields = checkFields(entity, { name: name ?? from + " to " + to, items: items.slice(0, 500) });
  runChecks(call, null);
  return ok(shown(keep(store, entity, fields, call)), 201);
};
`,
  },
  {
    path: "src/operations.js",
    language: "javascript",
    content: `export * from "./actions.js";
export * from "./entries.js";
export * from "./lists.js";
`,
  },
];
