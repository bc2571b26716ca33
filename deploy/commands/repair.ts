/** `npm run repair`: finds stored records that cannot be read, and makes the ledgers among them anew from the logs. */
import { parseArgs } from "node:util";
import { openRepair } from "../../lib/adapters/dynamodb/repair.ts";
import { money } from "../../lib/domain/budget/money.ts";
import { type RepairedRecord, repair } from "../../lib/services/operations/repair.ts";
import { openTable } from "./open-table.ts";

const help = `Usage: npm run repair -- <command> [options]

  check               list the stored records that cannot be read
  ledgers             make the ledgers among them anew from the model calls in the logs

  --stage NAME        the deployed stage to work on; without it, the local stack
`;

const print = (text: string) => process.stdout.write(`${text}\n`);

const ledgerText = ({ ledger, doubted }: RepairedRecord): string => {
  if (!ledger) return "no ledger: restore it from a backup";
  const doubts = doubted > 0 ? `; ${doubted} calls in the log whose cost cannot be` : "";
  return `${money(ledger.spend.cost)} spent, ${money(ledger.reserved)} reserved${doubts}`;
};

const show = (record: RepairedRecord) => {
  print(`${record.pk} ${record.sk}: ${record.outcome} (${ledgerText(record)})`);
  print(`  ${String((record.fault as Error)?.message ?? record.fault).slice(0, 500)}`);
};

const run = async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { stage: { type: "string" }, help: { type: "boolean", short: "h", default: false } },
  });
  const [command] = positionals;
  if (values.help || !command) return print(help);
  if (command !== "check" && command !== "ledgers")
    throw new Error(`Unknown command: ${command}\n\n${help}`);
  const table = openTable(values.stage);
  const records = await repair(openRepair(table), { dryRun: command === "check" });
  for (const record of records) show(record);
  return print(`${records.length} records cannot be read.`);
};

await run().catch((error: unknown) => {
  const text = error instanceof Error ? error.message : String(error);
  const hint = text.includes("ECONNREFUSED") ? " Start the stack with npm run dev." : "";
  process.stderr.write(`${text}${hint}\n`);
  process.exitCode = 1;
});
