import { parseArgs } from "node:util";

export type Options = {
  url: string;
  ws: string;
  /** The address options as they were typed, for commands that the demo prints; empty without them. */
  typedAddresses: string;
  name: string;
  description: string;
  /** Whether no option describes the project: it is the sample. */
  isSample: boolean;
  oversight: string;
  /** The id of an existing project to follow. */
  project: string | null;
  yes: boolean;
  /** Milliseconds that each offline agent takes; null without the option. */
  paceMs: number | null;
};

/** Thrown for options that are wrong. The exit code is 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

const sample = {
  name: "Recipe box",
  description:
    "A recipe site for families. People can save recipes. People can search recipes by ingredient. " +
    "People can plan the meals of a week. People can print a shopping list.",
};

const levels = ["high", "medium", "low"];

const definition = {
  name: { type: "string" },
  description: { type: "string" },
  oversight: { type: "string" },
  project: { type: "string" },
  yes: { type: "boolean", short: "y" },
  pace: { type: "string" },
  url: { type: "string" },
  ws: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof definition }>>["values"];

const parse = (argv: readonly string[]): Values => {
  try {
    return parseArgs({ args: [...argv], options: definition }).values;
  } catch (error) {
    const [message = ""] = (error instanceof Error ? error.message : String(error)).split(". To ");
    throw new UsageError(`${message.replace(/\.$/, "")}.`);
  }
};

const address = (option: string, text: string, protocols: readonly string[]) => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && protocols.includes(url.protocol)) return text.replace(/\/+$/, "");
  throw new UsageError(
    `--${option} takes an address such as ${protocols[0]}//host, not "${text}".`,
  );
};

const isLocal = (url: string) =>
  ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);

const checkTogether = (values: Values) => {
  const { project, name, description, oversight, url, ws } = values;
  if (project && (name ?? description ?? oversight) !== undefined)
    throw new UsageError(
      "--project follows a project that exists: it takes no other name or level.",
    );
  if (url && !ws && !isLocal(url))
    throw new UsageError("--url of a deployed stack needs its --ws too (wss://…/stage).");
};

const pace = (text: string | undefined) => {
  if (text === undefined) return null;
  if (/^\d{1,6}$/.test(text) && Number(text) <= 600_000) return Number(text);
  throw new UsageError(`--pace takes milliseconds up to 600000, not "${text}".`);
};

const level = (text: string) => {
  if (levels.includes(text)) return text;
  throw new UsageError(`--oversight is high, medium or low, not "${text}".`);
};

const projectId = (text: string | undefined) => {
  if (text === undefined) return null;
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) return text;
  throw new UsageError(`--project takes the id of a project (a UUID), not "${text}".`);
};

const name = (text: string) => {
  if (text.trim() && text.length <= 255) return text;
  throw new UsageError("--name takes 1 to 255 characters, not only blanks.");
};

/**
 * Reads the options after `npm run demo --`.
 *
 * @param ports the ports of the local stack
 * @returns null when only help was asked for
 * @throws UsageError naming the option that is wrong
 */
export const readOptions = (
  argv: readonly string[],
  ports: { http: number; ws: number },
): Options | null => {
  const values = parse(argv);
  if (values.help) return null;
  const typed = (["url", "ws"] as const).filter((option) => values[option] !== undefined);
  const { url = `http://127.0.0.1:${ports.http}`, ws = `ws://127.0.0.1:${ports.ws}` } = values;
  const addresses = {
    url: address("url", url, ["http:", "https:"]),
    ws: address("ws", ws, ["ws:", "wss:"]),
  };
  checkTogether(values);
  return {
    ...addresses,
    typedAddresses: typed.map((option) => ` --${option} ${addresses[option]}`).join(""),
    name: name(values.name ?? sample.name),
    description: values.description ?? (values.name === undefined ? sample.description : ""),
    isSample: values.name === undefined && values.description === undefined,
    oversight: level(values.oversight ?? "medium"),
    project: projectId(values.project),
    yes: values.yes ?? false,
    paceMs: pace(values.pace),
  };
};
