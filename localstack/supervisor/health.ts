import { setTimeout as delay } from "node:timers/promises";

const START_LIMIT_MS = 60_000;
const PAUSE_MS = 100;
const WRONG_ANSWERS = 3;
const PAUSE_AFTER_WRONG_ANSWER_MS = 500;

const HANDLER_THREW = -1;

/** Reads the body: serverless-offline answers 200 with a stack trace when a handler throws or cannot be loaded. */
const statusOf = async (url: string) => {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    const body = await answer.text();
    return body.includes('"stackTrace"') ? HANDLER_THREW : answer.status;
  } catch {
    return undefined;
  }
};

/** Asks until the status is final, for 60 s at most. Gives the last status; undefined when none came. */
const lastStatus = async (url: string, isOver: () => boolean) => {
  const deadline = Date.now() + START_LIMIT_MS;
  let wrongAnswers = 0;
  let status: number | undefined;
  while (Date.now() < deadline && wrongAnswers < WRONG_ANSWERS && !isOver()) {
    status = await statusOf(url);
    if (status === 200 || status === HANDLER_THREW) return status;
    if (status !== undefined) wrongAnswers += 1;
    await delay(status === undefined ? PAUSE_MS : PAUSE_AFTER_WRONG_ANSWER_MS);
  }
  return status;
};

/**
 * Waits for GET /health to answer 200, for 60 s at most.
 *
 * @param isOver whether the process that should answer has ended
 * @returns undefined when it answers 200; otherwise a description of the problem
 */
export const waitForHealth = async (url: string, isOver: () => boolean) => {
  const status = await lastStatus(url, isOver);
  if (status === 200) return undefined;
  if (isOver()) return "serverless-offline has stopped";
  if (status === HANDLER_THREW) return `the handler of GET ${url} fails`;
  return status === undefined ? `GET ${url} does not answer` : `GET ${url} answers ${status}`;
};
