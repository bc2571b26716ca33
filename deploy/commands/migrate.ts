/** `npm run migrate`: rewrites stored records in the current shape, page by page. It can be stopped and run again. */
import { parseArgs } from "node:util";
import * as adapter from "../../lib/adapters/dynamodb/migrations.ts";
import { migrations } from "../../lib/adapters/dynamodb/schema-versions.ts";
import type { Table } from "../../lib/adapters/dynamodb/table.ts";
import type { MigrationProgress } from "../../lib/contracts/operations.ts";
import { type MigrateDeps, migrate } from "../../lib/services/operations/migrate.ts";
import { openTable } from "./open-table.ts";

const help = `Usage: npm run migrate -- <command> [options]

  status              list the migrations, and show how far the rewrite has come
  up                  rewrite stored records in the current shape; after a stop it continues from the last page
  up --dry-run        only count the records that it would rewrite

  --stage NAME        the deployed stage to work on; without it, the local stack
  --page-size N       records per step (default 100)
  --max-pages N       stop after N steps (default: after the last record)
`;

const print = (text: string) => process.stdout.write(`${text}\n`);

const depsOf = (table: Table): MigrateDeps => ({
  name: adapter.migrationName(migrations),
  loadProgress: (name) => adapter.loadProgress(table, name),
  saveProgress: (name, progress) => adapter.saveProgress(table, name, progress),
  scanItems: (page) => adapter.scanItems(table, page),
  modernize: (item) => adapter.modernize(item, migrations),
  rewrite: (before, after) => adapter.rewrite(table, before, after),
  now: () => new Date(),
});

const describe = ({ state, scanned, rewritten, updated_at }: MigrationProgress) =>
  `${state}: ${scanned} items read, ${rewritten} rewritten (${updated_at})`;

const status = async (deps: MigrateDeps) => {
  print(`${migrations.length} migration(s) known; the last one: ${deps.name}`);
  for (const { kind, from, name } of migrations) print(`  ${kind} ${from} → ${from + 1}  ${name}`);
  const progress = await deps.loadProgress(deps.name);
  print(progress ? describe(progress) : "The rewrite has not been started.");
};

const wholeNumber = (text: string | undefined, fallback: number): number => {
  const number = text === undefined ? fallback : Number(text);
  if (number >= 1 && !Number.isNaN(number)) return number;
  throw new Error(`Not a number of 1 or more: ${text}`);
};

const run = async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      stage: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      "page-size": { type: "string" },
      "max-pages": { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const [command] = positionals;
  if (values.help || !command) return print(help);
  const deps = depsOf(openTable(values.stage));
  if (command === "status") return status(deps);
  if (command !== "up") throw new Error(`Unknown command: ${command}\n\n${help}`);
  const progress = await migrate(deps, {
    dryRun: values["dry-run"],
    pageSize: wholeNumber(values["page-size"], 100),
    maxPages: wholeNumber(values["max-pages"], Number.POSITIVE_INFINITY),
    onPage: (at) => at.state === "running" && print(describe(at)),
  });
  const note = values["dry-run"] ? "Dry run, nothing written. " : "";
  return print(`${note}${describe(progress)}`);
};

await run().catch((error: unknown) => {
  const text = error instanceof Error ? error.message : String(error);
  const hint = text.includes("ECONNREFUSED") ? " Start the stack with npm run dev." : "";
  process.stderr.write(`${text}${hint}\n`);
  process.exitCode = 1;
});
