import type { Event } from "../../../lib/domain/events.ts";
import { isOfType } from "../../support/events.ts";
import type { Exchange } from "../world/person.ts";
import type { Picture } from "./picture.ts";

const succeeded = ({ answered }: Exchange) => answered.status < 300;

const eventsOf = (pictures: readonly Picture[]): Event[] =>
  pictures.flatMap(({ events }) => events);

const ids = (of: Record<string, unknown>) =>
  String(of.id ?? of.task_id ?? of.context_id ?? of.request_id);

/** Ids of everything that there is or was. */
const known = (pictures: readonly Picture[]) =>
  new Set(
    pictures.flatMap(({ change, versions }) => [
      change.project.id,
      ...Object.keys(change.tasks),
      ...Object.keys(change.requests),
      ...versions.map(({ context_id }) => context_id),
    ]),
  );

/** What was answered with 201 is there. */
const createdIsThere = (pictures: readonly Picture[], exchanges: readonly Exchange[]) => {
  const there = known(pictures);
  return exchanges
    .filter(({ answered }) => answered.status === 201 && !there.has(ids(answered.body)))
    .map(({ sent }) => `${sent.routeKey} by ${sent.user} was answered with 201 and had no effect`);
};

/** One person's answer to one request, and whether it was said to count. */
type Decided = { user: string; key: string | undefined; request_id: string; counts: boolean };

type Results = { request_id: string; success: boolean }[];

const decidedIn = ({ sent, answered }: Exchange): Decided[] => {
  const { user, key } = sent;
  const counts = answered.status < 300;
  if (sent.routeKey.endsWith("/respond")) {
    return [{ user, key, request_id: sent.path?.request_id ?? "", counts }];
  }
  if (!sent.routeKey.endsWith("/bulk/approve") || !counts) return [];
  return (answered.body.results as Results).map(({ request_id, success }) => ({
    user,
    key,
    request_id,
    counts: success,
  }));
};

const decisionsIn = (pictures: readonly Picture[]) =>
  eventsOf(pictures)
    .filter(isOfType("hitl_response"))
    .map(({ data, actor }) => ({ request_id: data.request_id, user: actor.id }));

/** A decision that was said to count is the one in the log, and nobody else was told so of the same request. */
const winnersAreInLog = (pictures: readonly Picture[], exchanges: readonly Exchange[]) => {
  const log = decisionsIn(pictures);
  const won = new Map<string, string>();
  return exchanges.flatMap(decidedIn).flatMap(({ user, key, request_id, counts }) => {
    if (!counts) return [];
    const by = `${user} ${key}`;
    const before = won.get(request_id) ?? by;
    won.set(request_id, by);
    const winner = log.find((decision) => decision.request_id === request_id)?.user;
    return [
      ...(before === by ? [] : [`${before} and ${by} both won ${request_id}`]),
      ...(winner === user ? [] : [`${user} won ${request_id}, but is not in the log`]),
    ];
  });
};

/** Whose decision is in the log was not told otherwise. */
const losersAreNotInLog = (pictures: readonly Picture[], exchanges: readonly Exchange[]) => {
  const answers = exchanges.flatMap(decidedIn);
  return decisionsIn(pictures).flatMap(({ request_id, user }) => {
    const own = answers.filter(
      (answer) => answer.user === user && answer.request_id === request_id,
    );
    return own.length > 0 && !own.some(({ counts }) => counts)
      ? [`${user} decided ${request_id}, and was told that it does not count`]
      : [];
  });
};

const textOf = (body: unknown) => JSON.stringify(body);

/** The same key gives the same answer, whoever asks how often. */
const keysAnswerOnce = (exchanges: readonly Exchange[]) => {
  const first = new Map<string, string>();
  return exchanges.filter(succeeded).flatMap(({ sent, answered }) => {
    if (!sent.key) return [];
    const name = `${sent.tenant} ${sent.user} ${sent.key}`;
    const before = first.get(name) ?? textOf(answered.body);
    first.set(name, before);
    return before === textOf(answered.body) ? [] : [`key ${sent.key} was answered in two ways`];
  });
};

/** Names of projects and tasks tell which key they came from: none is there twice. */
const namesAreUnique = (pictures: readonly Picture[]) => {
  const names = pictures.flatMap(({ change }) => [
    change.project.name,
    ...Object.values(change.tasks).flatMap(({ step, name }) => (step === null ? [name] : [])),
  ]);
  return names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => `${name} was created more than once`);
};

/** What a person writes is filed once: in these worlds nobody writes the same twice. */
const notesAreUnique = (pictures: readonly Picture[]) => {
  const filed = eventsOf(pictures)
    .filter(isOfType("artifact_created", "artifact_updated"))
    .filter(({ data }) => data.source_agent === "user" && data.artifact_type === "user_input")
    .map(({ data }) => data.sha256);
  return filed
    .filter((sha256, index) => filed.indexOf(sha256) !== index)
    .map((sha256) => `the note ${sha256} was filed more than once`);
};

/** What people were told has happened, once. */
export const answersAreTrue = (pictures: readonly Picture[], exchanges: readonly Exchange[]) => [
  ...createdIsThere(pictures, exchanges),
  ...winnersAreInLog(pictures, exchanges),
  ...losersAreNotInLog(pictures, exchanges),
  ...keysAnswerOnce(exchanges),
  ...namesAreUnique(pictures),
  ...notesAreUnique(pictures),
];
