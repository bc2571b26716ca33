import { ledgerIds } from "../../../lib/domain/budget/ledger.ts";
import { microDollars } from "../../../lib/domain/budget/money.ts";
import type { Event, EventOf } from "../../../lib/domain/events.ts";
import { isOfType } from "../../support/events.ts";
import { countsIn, type Granted, type Ledger } from "../world/ledger-watch.ts";
import type { World } from "../world/open-world.ts";
import type { Picture } from "./picture.ts";

type Settlement = EventOf<"model_call">["data"];

/** A call that had its money, with the costs that the log has of it: one when it is settled, none while it is open. */
type Account = Granted & { costs: number[] };

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

const settlementsIn = (events: readonly Event[]): Settlement[] =>
  events.filter(isOfType("model_call")).map(({ data }) => data);

const accountsOf = ({ ledgers }: World, settlements: readonly Settlement[]): Account[] =>
  [...ledgers.granted.values()].map((call) => ({
    ...call,
    costs: settlements
      .filter(({ call_id }) => call_id === call.call_id)
      .map(({ cost_usd }) => microDollars(cost_usd)),
  }));

/** What a ledger says is the sum of its calls: spent by those that are settled, reserved by those that are not. */
const addsUp = (ledger: Ledger, accounts: readonly Account[]): string[] => {
  const own = accounts.filter((call) => countsIn(ledger, call));
  const settled = own.filter(({ costs }) => costs.length > 0);
  const right = {
    calls: settled.length,
    cost: sum(settled.flatMap(({ costs }) => costs)),
    reserved: sum(own.filter(({ costs }) => costs.length === 0).map(({ amount }) => amount)),
  };
  const { spend, reserved } = ledger;
  const said = { calls: spend.calls, cost: spend.cost, reserved };
  return JSON.stringify(said) === JSON.stringify(right)
    ? []
    : [`${ledger.pk} ${ledger.ledger_id}: ${JSON.stringify(said)}, not ${JSON.stringify(right)}`];
};

/** By whom and by which model is the same money as in all. */
const breaksDown = ({ pk, ledger_id, spend, by_agent, by_model }: Ledger): string[] =>
  ledger_id === ledgerIds.project &&
  [by_agent, by_model].some(
    (deps) => sum(Object.values(deps).map(({ cost }) => cost)) !== spend.cost,
  )
    ? [`${pk}: by agent and model it is not ${spend.cost}`]
    : [];

/** A call that had its money is settled once in the log, or open in its task's ledger; and no other call is in the log. */
const settledOnce = (
  accounts: readonly Account[],
  ledgers: readonly Ledger[],
  settlements: readonly Settlement[],
): string[] => {
  const open = ledgers.flatMap((ledger) => ledger.open.map(({ call_id }) => call_id));
  const known = new Set(accounts.map(({ call_id }) => call_id));
  return [
    ...accounts.flatMap(({ call_id, costs }) => {
      const found = costs.length + open.filter((id) => id === call_id).length;
      return found === 1 ? [] : [`call ${call_id} is ${found} times settled or open`];
    }),
    ...settlements
      .filter(({ call_id }) => !known.has(call_id))
      .map(({ call_id }) => `call ${call_id} is settled, and never had money`),
  ];
};

/** What operators read of a project's calls is what its log has of them. */
const callsAreListed = ({ change, events }: Picture): string[] => {
  const listed = Object.values(change.calls).map(({ call_id, cost }) => `${call_id}: ${cost}`);
  const told = settlementsIn(events).map(
    ({ call_id, cost_usd }) => `${call_id}: ${microDollars(cost_usd)}`,
  );
  return JSON.stringify(listed.sort()) === JSON.stringify(told.sort())
    ? []
    : [`the calls of ${change.project.id} are not those of its log`];
};

const effectsHappenOnce = ({ counted }: World): string[] =>
  [...counted].flatMap(([name, count]) =>
    name.startsWith("effect ") && count > 1 ? [`${name} was had ${count} times`] : [],
  );

/** An agent that was told no makes no call: so it never has money for it. */
const refusedIsRefused = ({ counted, ledgers }: World): string[] =>
  [...ledgers.granted.keys()].flatMap((id) =>
    counted.has(`refused ${id}`) ? [`call ${id} was refused, and had its money`] : [],
  );

/** No provider charges more than what was reserved. */
const nothingIsOverrun = ({ counted }: World): string[] =>
  [...counted.keys()].flatMap((name) =>
    name.startsWith("overrun ")
      ? [`call ${name.slice(8)} costs more than was reserved for it`]
      : [],
  );

/** The note of a task that made paid calls: what has an attempt is its output. */
const notesOf = ({ change }: Picture, id: string) =>
  Object.values(change.artifacts).filter(
    ({ artifact_metadata: { task_id, attempt } }) => task_id === id && attempt === undefined,
  ).length;

/** What a task keeps under one key is one artifact; and is there when the task is done. */
const notesAreKeptOnce = (picture: Picture): string[] =>
  Object.values(picture.change.tasks)
    .filter(({ instructions }) => instructions.includes("[[calls:"))
    .flatMap(({ task_id, name, status }) => {
      const notes = notesOf(picture, task_id);
      return notes > 1 || (status === "completed" && notes === 0)
        ? [`${name} has kept ${notes} notes`]
        : [];
    });

/** In the end nothing is under way, whoever died, and nothing is held for it. */
const nothingIsOpen = (ledgers: readonly Ledger[]) =>
  ledgers.flatMap(({ pk, ledger_id, reserved, open }) =>
    reserved === 0 && open.length === 0
      ? []
      : [`${pk} ${ledger_id}: ${open.length} calls are open, ${reserved} are reserved`],
  );

/** A worker that is alive settles its calls itself: none of them is settled as lost. */
const lostByLiveWorkers = ({ silenced }: World, settlements: readonly Settlement[]): string[] =>
  silenced.length > 0
    ? []
    : settlements.flatMap(({ call_id, outcome }) =>
        outcome === "lost" ? [`call ${call_id} was given up, and no worker had gone silent`] : [],
      );

type Books = { pictures: readonly Picture[]; ledgers: readonly Ledger[] };

/** All that is wrong with the money of a world, and with what may happen once. */
export const moneyIsRight = (world: World, { pictures, ledgers }: Books): string[] => {
  const settlements = settlementsIn(pictures.flatMap(({ events }) => events));
  const accounts = accountsOf(world, settlements);
  return [
    ...world.ledgers.problems,
    ...ledgers.flatMap((ledger) => [...addsUp(ledger, accounts), ...breaksDown(ledger)]),
    ...settledOnce(accounts, ledgers, settlements),
    ...effectsHappenOnce(world),
    ...refusedIsRefused(world),
    ...nothingIsOverrun(world),
    ...pictures.flatMap(notesAreKeptOnce),
    ...pictures.flatMap(callsAreListed),
    ...nothingIsOpen(ledgers),
    ...lostByLiveWorkers(world, settlements),
  ];
};
