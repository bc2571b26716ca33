import type { Requirement } from "../contents/software-specification.ts";
import type { SourceCode } from "../contents/source-code.ts";
import type { SystemArchitecture } from "../contents/system-architecture.ts";
import { subjectOf, verbOf } from "./components.ts";
import { pathOf } from "./implementation-plan.ts";
import { camel, slug } from "./slug.ts";
import { clip, oneLine } from "./text.ts";
import { type AccessKind, accessOf } from "./words.ts";

export type CodeFile = SourceCode["files"][number];

/** The input for the files. */
export type Design = {
  name: string;
  requirements: readonly Requirement[];
  architecture: SystemArchitecture;
};

const reserved =
  /^(?:break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|import|in|instanceof|let|new|null|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield|await|interface|package|private|protected|public|implements)$/;

/** Lists names for a requirement's function, shortest first: "exportInvoices". */
const candidatesFor = (requirement: Requirement): string[] => {
  const verb = verbOf(requirement);
  const short = verb ? `${verb} ${subjectOf(requirement)}` : subjectOf(requirement);
  return [short, requirement.title, `${requirement.title} ${requirement.id}`].map((text) =>
    camel(slug(text, 5)),
  );
};

/** Makes a function's name of an id; gives `otherwise` for an id that cannot be a name. */
const nameBy = (id: string, otherwise: string, prefix = ""): string =>
  /^[A-Za-z]\w{0,30}$/.test(id) && !reserved.test(id) ? `${prefix}${id}` : otherwise;

const functionNames = (requirements: readonly Requirement[]): Map<string, string> => {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const requirement of requirements.filter((each) => subjectOf(each) !== "")) {
    const usable = candidatesFor(requirement).find(
      (name) => /^[a-z]/.test(name) && !reserved.test(name) && !taken.has(name),
    );
    const name = usable ?? nameBy(requirement.id, `meet${names.size + 1}`, "meet");
    taken.add(name);
    names.set(requirement.id, name);
  }
  return names;
};

const storeFile: CodeFile = {
  path: "src/store.ts",
  language: "typescript",
  content: `export type Details = Record<string, string>;
export type Call = { user: string; details: Details };
export type Entry = { id: string; kind: string; owner: string; details: Details };

/** Keeps everything in memory; a database takes its place behind the same functions. */
export const createStore = () => {
  let entries: Entry[] = [];
  const isMeant = (entry: Entry, kind: string, call: Call) =>
    entry.kind === kind && entry.owner === call.user && entry.id === call.details["id"];

  let lastId = 0;
  const add = (kind: string, call: Call): Entry => {
    lastId += 1;
    const entry = { id: String(lastId), kind, owner: call.user, details: call.details };
    entries = [entry, ...entries];
    return entry;
  };
  const find = (kind: string): Entry[] => entries.filter((entry) => entry.kind === kind);
  const change = (kind: string, call: Call): Entry[] => {
    entries = entries.map((entry) =>
      isMeant(entry, kind, call) ? { ...entry, details: { ...entry.details, ...call.details } } : entry,
    );
    return entries.filter((entry) => isMeant(entry, kind, call));
  };
  const remove = (kind: string, call: Call): void => {
    entries = entries.filter((entry) => !isMeant(entry, kind, call));
  };
  return { add, find, change, remove };
};

export type Store = ReturnType<typeof createStore>;
`,
};

const bodies = {
  add: { returns: "Entry", call: (kind) => `return store.add(${kind}, call);` },
  read: {
    returns: "Entry[]",
    call: (kind) => `return store.find(${kind}).filter((entry) => matches(entry, call));`,
  },
  change: { returns: "Entry[]", call: (kind) => `return store.change(${kind}, call);` },
  remove: { returns: "void", call: (kind) => `store.remove(${kind}, call);` },
} as const satisfies Record<AccessKind, { returns: string; call: (kind: string) => string }>;

const matcher = `
/** Without details everything matches. */
const matches = (entry: Entry, call: Call): boolean =>
  Object.entries(call.details).every(([key, value]) => entry.details[key] === value);
`;

const accessTo = (requirement: Requirement): AccessKind => {
  const verb = verbOf(requirement);
  return verb ? accessOf(verb) : "add";
};

/** Whether the function that meets the requirement stores something new. */
export const isStored = (requirement: Requirement): boolean => accessTo(requirement) === "add";

/** Names the kind of record of a requirement: the component's name for its first kind, with the verb for the others. */
const kindOf = (component: string, requirement: Requirement, members: readonly Requirement[]) => {
  const isFirst = members.find(isStored) === requirement;
  const verb = verbOf(requirement) || slug(requirement.title, 2) || requirement.id;
  return isStored(requirement) && !isFirst ? `${component}/${verb}` : component;
};

const functionFor = (requirement: Requirement, kind: string, name: string): string => {
  const { returns, call } = bodies[accessTo(requirement)];
  return `
/** ${oneLine(requirement.id)}: ${clip(oneLine(requirement.text), 160)} */
export const ${name} = (store: Store, call: Call): ${returns} => {
  ${call(JSON.stringify(kind))}
};
`;
};

const principlesFile = (members: readonly Requirement[]): CodeFile => ({
  path: pathOf("principles"),
  language: "markdown",
  content: `# What holds for every part\n\n${members.map(({ id, text }) => `- ${oneLine(id)}: ${oneLine(text)}\n`).join("")}`,
});

const moduleFile = (design: Design, component: string, names: Map<string, string>): CodeFile => {
  const ids =
    design.architecture.components.find(({ name }) => name === component)?.requirements ?? [];
  const members = design.requirements.filter(({ id }) => ids.includes(id));
  if (component === "principles") return principlesFile(members);
  const functions = members.map((each, index) => {
    const name = names.get(each.id) ?? nameBy(each.id, `rule${index + 1}`);
    return functionFor(each, kindOf(component, each, members), name);
  });
  const needs = members
    .map((each) => bodies[accessTo(each)].returns)
    .some((type) => type.startsWith("Entry"));
  const reads = members.some((each) => accessTo(each) === "read");
  return {
    path: pathOf(component),
    language: "typescript",
    content: `import type { Call, ${needs ? "Entry, " : ""}Store } from "./store.ts";\n${reads ? matcher : ""}${functions.join("")}`,
  };
};

const indexFile = (design: Design, names: Map<string, string>): CodeFile => {
  const { components, interfaces } = design.architecture;
  const routed = interfaces.filter(({ requirement }) => names.has(requirement));
  const imports = components.flatMap(({ name, requirements }) => {
    const used = routed.filter(({ requirement }) => requirements.includes(requirement));
    const functions = [...new Set(used.map(({ requirement }) => names.get(requirement)))].sort();
    return functions.length > 0
      ? [`import { ${functions.join(", ")} } from "./${pathOf(name).slice("src/".length)}";`]
      : [];
  });
  const rows = routed.map(
    ({ method, path, requirement }) =>
      `  { method: ${JSON.stringify(method)}, path: ${JSON.stringify(path)}, run: (call: Call) => ${names.get(requirement)}(store, call) },`,
  );
  return {
    path: "src/index.ts",
    language: "typescript",
    content: `${imports.join("\n")}\nimport { type Call, createStore } from "./store.ts";\n\nconst store = createStore();\n\n/** ${oneLine(design.name)}: one row for each interface of the architecture. */\nexport const routes = [\n${rows.join("\n")}\n];\n`,
  };
};

/** Writes the first version of a project's source files. */
export const filesFor = (design: Design): CodeFile[] => {
  const names = functionNames(design.requirements);
  const modules = design.architecture.components.filter(
    ({ name }) => name !== "store" && pathOf(name) !== "src/index.ts",
  );
  return [
    ...modules.map(({ name }) => moduleFile(design, name, names)),
    storeFile,
    indexFile(design, names),
  ];
};
