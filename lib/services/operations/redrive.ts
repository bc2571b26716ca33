import type { DeadLetter } from "../../contracts/operations.ts";

export type RedriveDeps = {
  /** Receives some letters; none when the queue is empty. */
  take: () => Promise<DeadLetter[]>;
  sendAgain: (letter: DeadLetter) => Promise<void>;
  drop: (letter: DeadLetter) => Promise<void>;
  /** Makes a letter visible again in the dead-letter queue. */
  leave: (letter: DeadLetter) => Promise<void>;
  onLetter: (letter: DeadLetter) => void;
};

/** Handles dead letters until there are no more, or `max` are handled. The rest stays in its queue. */
const eachLetter = async (
  deps: RedriveDeps,
  max: number,
  handle: (letter: DeadLetter) => Promise<void>,
): Promise<number> => {
  let handled = 0;
  for (let letters = await deps.take(); letters.length > 0; letters = await deps.take()) {
    for (const letter of letters) {
      if (handled >= max) {
        await deps.leave(letter);
        continue;
      }
      await handle(letter);
      deps.onLetter(letter);
      handled += 1;
    }
    if (handled >= max) break;
  }
  return handled;
};

/**
 * Puts dead letters back into their queue. A letter is sent before it is dropped: when the process dies in between, the
 * message comes twice, which changes nothing.
 *
 * @returns how many were put back
 * @throws an error of the queue
 */
export const redrive = (deps: RedriveDeps, max: number): Promise<number> =>
  eachLetter(deps, max, async (letter) => {
    await deps.sendAgain(letter);
    await deps.drop(letter);
  });

/** Shows dead letters, and leaves them in their queue. @returns how many were shown @throws an error of the queue */
export const showDeadLetters = async (deps: RedriveDeps, max: number): Promise<number> => {
  const seen: DeadLetter[] = [];
  const shown = await eachLetter(deps, max, async (letter) => void seen.push(letter));
  for (const letter of seen) await deps.leave(letter);
  return shown;
};
