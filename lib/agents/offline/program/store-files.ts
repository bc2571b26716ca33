import type { SourceCodeFile } from "../../contents/source-code.ts";

/** How the program refuses, checks and keeps entries. */
export const storeFiles: readonly SourceCodeFile[] = [
  {
    path: "src/refusal.js",
    language: "javascript",
    content: `/** A request that cannot be met. status is the HTTP status, problems says what is wrong. */
export class Refusal extends Error {
  constructor(status, ...problems) {
    super(problems.join(" "));
    this.status = status;
    this.problems = problems;
  }
}

/** Lists the texts in a body, also those in lists. */
const textsIn = (value) => {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

/** Refuses a call when one of its texts is wrong. */
export const refuseTexts = (call, isWrong, problem) => {
  if (textsIn(call.body).some(isWrong)) throw new Refusal(400, problem);
};
`,
  },
  {
    path: "src/fields.js",
    language: "javascript",
    content: String.raw`import { Refusal } from "./refusal.js";

/** Limits of an entry. */
const maxCharacters = 10_000;
const maxItems = 500;
const maxFields = 50;

/** What the program sets itself. */
const ownFields = new Set([
  "id", "owner", "version", "created_at", "updated_at",
  "history", "ratings", "rating", "comments", "signed", "last_action",
]);

const isText = (value) => typeof value === "string" && value.length <= maxCharacters;

const isDay = (text) => {
  const instant = new Date(text.slice(0, 10) + "T00:00:00Z");
  return !Number.isNaN(instant.getTime()) && instant.toISOString().slice(0, 10) === text.slice(0, 10);
};

export const isDate = (value) =>
  typeof value === "string" &&
  /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z)?$/.test(value) &&
  isDay(value) &&
  !Number.isNaN(Date.parse(value));

/** The kinds of fields: a check, and its words for a person. */
export const kinds = {
  text: { is: isText, says: "a text of at most 10000 characters" },
  number: { is: Number.isFinite, says: "a number" },
  whole: { is: (value) => Number.isSafeInteger(value) && value >= 0, says: "a whole number, 0 or more" },
  boolean: { is: (value) => typeof value === "boolean", says: "true or false" },
  date: { is: isDate, says: "a day such as 2030-01-31, or an instant such as 2030-01-31T09:00:00Z" },
  list: {
    is: (value) => Array.isArray(value) && value.length <= maxItems && value.every(isText),
    says: "a list of texts",
  },
};

const isKnown = (entity, name) => Object.hasOwn(entity.fields, name);

/** Says what is wrong with one field; gives undefined when it is right. */
const problemOf = (entity, name, value) => {
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(name))
    return JSON.stringify(name.slice(0, 60)) + " is no name of a field: use small letters, digits and _.";
  if (ownFields.has(name)) return name + " is set by the program.";
  if (isKnown(entity, name)) {
    const kind = kinds[entity.fields[name]];
    return kind.is(value) ? undefined : name + " must be " + kind.says + ".";
  }
  const isSimple = ["text", "number", "boolean", "list"].some((kind) => kinds[kind].is(value));
  return isSimple ? undefined : name + " must be a text, a number, true or false, or a list of texts.";
};

/** Gives the body as an object; refuses anything else. */
export const objectOf = (body) => {
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  throw new Refusal(400, "The body must be a JSON object.");
};

/**
 * Checks the fields of an entry. Fields that the entity does not name are taken too, when their values are simple.
 * With isChange, fields may be missing, and null removes one.
 */
export const checkFields = (entity, body, isChange = false) => {
  const given = Object.entries(objectOf(body));
  const isNameless = typeof body.name !== "string" || body.name.trim() === "";
  const missing = isNameless && !(isChange && body.name === undefined) ? ["name must be a text that is not empty."] : [];
  const wrong = given
    .filter(([name, value]) => name !== "name" || !isNameless)
    .filter(([, value]) => !(isChange && value === null))
    .map(([name, value]) => problemOf(entity, name, value))
    .filter((problem) => problem !== undefined);
  const tooMany = given.length > maxFields ? ["An entry has at most " + maxFields + " fields."] : [];
  const problems = [...missing, ...wrong, ...tooMany];
  if (problems.length > 0) throw new Refusal(400, ...problems);
  return Object.fromEntries(given);
};
`,
  },
  {
    path: "src/store.js",
    language: "javascript",
    content: `import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const readData = (file) => {
  let text;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return { last_id: 0, entries: [] };
    throw error;
  }
  const data = JSON.parse(text);
  if (Number.isSafeInteger(data?.last_id) && Array.isArray(data.entries)) return data;
  throw new Error(file + " holds no entries of this program.");
};

const isRunning = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
};

/** Takes the file for this process: of two programs with one file, each would overwrite what the other keeps. */
const takeFile = (file) => {
  const lock = file + ".lock";
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    const pid = Number(readFileSync(lock, "utf8"));
    if (pid > 0 && pid !== process.pid && isRunning(pid))
      throw new Error(file + " is in use by process " + pid + ". If that is another program, remove " + lock + ".");
    writeFileSync(lock, String(process.pid));
  }
  process.once("exit", () => rmSync(lock, { force: true }));
};

/** Writes a second file first, so that a crash leaves the old one whole. */
const writeData = (file, data) => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file + ".new", JSON.stringify(data, null, 1));
  renameSync(file + ".new", file);
};

/**
 * Keeps entries in memory, and as JSON in a file when one is named.
 *
 * @throws when the file cannot be read, holds something else, or another process has it
 */
export const createStore = (file = null) => {
  if (file !== null) takeFile(file);
  let data = file === null ? { last_id: 0, entries: [] } : readData(file);
  const replace = (next) => {
    if (file !== null) writeData(file, next);
    data = next;
  };
  const isMeant = (kind, id) => (entry) => entry.kind === kind && entry.id === id;
  return {
    all: (kind) => data.entries.filter((entry) => entry.kind === kind),
    find: (kind, id) => data.entries.find(isMeant(kind, id)),
    add: (entry) => {
      const added = { ...entry, id: String(data.last_id + 1) };
      replace({ last_id: data.last_id + 1, entries: [...data.entries, added] });
      return added;
    },
    change: (entry) => {
      const isOld = isMeant(entry.kind, entry.id);
      replace({ ...data, entries: data.entries.map((each) => (isOld(each) ? entry : each)) });
      return entry;
    },
    remove: ({ kind, id }) => {
      const isGone = isMeant(kind, id);
      replace({ ...data, entries: data.entries.filter((each) => !isGone(each)) });
    },
  };
};
`,
  },
];
