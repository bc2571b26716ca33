import type { DeadLetter } from "../../contracts/operations.ts";

export type RedriveDeps = {
  take: () => Promise<DeadLetter[]>;
  sendAgain: (letter: DeadLetter) => Promise<void>;
  drop: (letter: DeadLetter) => Promise<void>;
  leave: (letter: DeadLetter) => Promise<void>;
  onLetter: (letter: DeadLetter) => void;
};

/** Takes letters until there are no more, or `most` have been handled; the rest is left where it is. */
const eachLetter = async (
  deps: RedriveDeps,
  most: number,
  handle: (letter: DeadLetter) => Promise<void>,
): Promise<number> => {
  let handled = 0;
  for (let letters = await deps.take(); letters.length > 0; letters = await deps.take()) {
    for (const letter of letters) {
      if (handled >= most) {
        await deps.leave(letter);
        continue;
      }
      await handle(letter);
      deps.onLetter(letter);
      handled += 1;
    }
    if (handled >= most) break;
  }
  return handled;
};

/**
 * Puts dead letters back into their queue. A letter is sent before it is dropped: one that dies in between comes
 * twice, which changes nothing.
 *
 * @returns how many
 */
export const redrive = (deps: RedriveDeps, most: number): Promise<number> =>
  eachLetter(deps, most, async (letter) => {
    await deps.sendAgain(letter);
    await deps.drop(letter);
  });

/** Shows what was given up, and leaves it there. @returns how many */
export const showDeadLetters = async (deps: RedriveDeps, most: number): Promise<number> => {
  const seen: DeadLetter[] = [];
  const shown = await eachLetter(deps, most, async (letter) => void seen.push(letter));
  for (const letter of seen) await deps.leave(letter);
  return shown;
};
