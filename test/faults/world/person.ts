import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { type ProblemCode, problems } from "../../../lib/domain/problem.ts";
import { undeclaredProblem } from "../../support/undeclared-problem.ts";
import { anEvent } from "../../unit/http/event.ts";
import { functionOf } from "./functions.ts";
import type { Lambda } from "./lambda.ts";
import type { VirtualTime } from "./virtual-time.ts";

export type Sent = {
  routeKey: string;
  path?: Record<string, string>;
  body?: object;
  tenant: string;
  user: string;
  key?: string;
};

export type Answered = { status: number; body: Record<string, unknown>; replayed: boolean };

/** A request with its final answer, for the invariants. */
export type Exchange = { sent: Sent; answered: Answered };

const eventOf = ({ routeKey, path = {}, body, tenant, user, key }: Sent): APIGatewayProxyEventV2 =>
  anEvent({
    routeKey,
    path,
    headers: { ...(key && { "idempotency-key": key }) },
    caller: { tenant, user_id: user, roles: ["admin"] },
    ...(body && { body }),
  });

type HttpAnswer = { statusCode: number; body?: string; headers?: Record<string, string> };

const readAnswer = ({ statusCode, body, headers = {} }: HttpAnswer): Answered => ({
  status: statusCode,
  body: body ? (JSON.parse(body) as Record<string, unknown>) : {},
  replayed: headers["idempotency-replayed"] === "true",
});

type Deps = { time: VirtualTime; lambda: Lambda };

const checkDeclared = ({ routeKey }: Sent, { status, body }: Answered) => {
  const [method = "", path = ""] = routeKey.split(" ");
  const wrong = undeclaredProblem(method, path, { status, type: body.type });
  if (wrong) throw new Error(wrong);
};

/**
 * One request through the gateway; 502 when its function gave no answer.
 *
 * @throws when the answer is a problem that its route does not list
 */
const sendOnce = async ({ lambda }: Deps, sent: Sent): Promise<Answered> => {
  const ended = await lambda.invoke(functionOf(sent.routeKey), eventOf(sent), [sent.tenant]);
  if ("answer" in ended) {
    const answered = readAnswer(ended.answer as HttpAnswer);
    checkDeclared(sent, answered);
    return answered;
  }
  if (ended.lost === "threw") throw ended.error;
  return { status: 502, body: {}, replayed: false };
};

const isInProgress = ({ status, body }: Answered) =>
  status === 409 && body.type === "/problems/idempotency-in-progress";

type Result = { error: { code: ProblemCode } | null };

/** Of several things at once some may have failed for a moment only. */
const isHalfDone = ({ body }: Answered) =>
  ((body.results ?? []) as Result[]).some(({ error }) => error && problems[error.code].retryable);

const isFinal = (answered: Answered) =>
  answered.status < 500 && !isInProgress(answered) && !isHalfDone(answered);

const pauseMs = 3_000;
const maxTries = 40;

/** People and their programs: what gets no answer is sent again, with the same key. */
export const openClients = (deps: Deps) => {
  const exchanges: Exchange[] = [];
  const send = async (sent: Sent): Promise<Answered> => {
    for (let tries = 0; tries < maxTries; tries += 1) {
      const answered = await sendOnce(deps, sent);
      if (isFinal(answered)) {
        exchanges.push({ sent, answered });
        return answered;
      }
      await deps.time.sleep(pauseMs);
    }
    throw new Error(`${sent.routeKey} got no answer in ${maxTries} tries`);
  };
  return { send, exchanges };
};
