import type { Call } from "../../lib/contracts/call.ts";
import type { Command } from "../../lib/contracts/command.ts";
import { callerOf } from "../../lib/services/commit/caller.ts";
import type { Commit } from "../../lib/services/commit/commit.ts";
import { aCall } from "./backend.ts";

/** Commits a command, as it is done for a request without a key and If-Match; gives its result as it is. */
export const perform = async <Result>(
  { commit }: { commit: Commit },
  command: Command<Result> | Promise<Command<Result>>,
  call: Call = aCall(),
): Promise<Result> => commit({ ...(await command), ...callerOf(call) });
