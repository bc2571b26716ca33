import { createRequire } from "node:module";
import type { Callback, Store } from "dynalite/db/index.js";
import { checkTypes, checkValidations } from "dynalite/validations/index.js";

const require = createRequire(import.meta.url);

type Rules = { types: unknown; custom: unknown };
type Action = (store: Store, data: unknown, done: Callback<unknown>) => void;

/**
 * Checks the parameters of one of dynalite's actions and gives the function that runs it.
 *
 * @param action dynalite's name for it: `putItem`
 * @throws AwsError when the request is not valid (types, limits, syntax of expressions). Errors that depend on the stored item
 * (a condition, a missing operand) reject the run.
 */
export const prepare = (store: Store, action: string, params: unknown) => {
  const rules: Rules = require(`dynalite/validations/${action}`);
  const run: Action = require(`dynalite/actions/${action}`);
  const data = checkTypes(structuredClone(params), rules.types);
  checkValidations(data, rules.types, rules.custom, store);
  return (on: Store = store) =>
    new Promise<unknown>((resolve, reject) => {
      run(on, data, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
};
