import { Problem } from "./problem.ts";

/** A state machine as data: for each move, the states it may start from and the state it leads to. */
export type Moves<State extends string> = Record<string, { from: readonly State[]; to: State }>;

/**
 * Gives the state after a move.
 *
 * @param what what has the state, for the problem's detail: `task`, `project` …
 * @throws Problem `conflict` when the move may not start from `state`
 */
export const move = <State extends string, M extends Moves<State>>(
  what: string,
  moves: M,
  state: State,
  name: keyof M & string,
): State => {
  const row = moves[name];
  if (row?.from.includes(state)) return row.to;
  throw new Problem("conflict", `A ${what} that is ${state} cannot ${name.replaceAll("_", " ")}.`, {
    extensions: { current: state },
  });
};
