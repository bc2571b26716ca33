import { commitGuards } from "./guards/commit.ts";
import type { Guard } from "./guards/guard.ts";
import { moneyGuards } from "./guards/money.ts";
import { watchingGuards } from "./guards/watching.ts";
import { workGuards } from "./guards/work.ts";

/** What keeps the promises, one row for each; taken out, some set has to notice. */
export const guards: readonly Guard[] = [
  ...workGuards,
  ...commitGuards,
  ...watchingGuards,
  ...moneyGuards,
];
