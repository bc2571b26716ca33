import type { SystemArchitecture } from "../contents/system-architecture.ts";
import type { AgentRequest } from "../context.ts";
import { briefOf, type Work } from "./brief.ts";
import type { Design } from "./program/program.ts";
import { specificationOf } from "./software-specification.ts";
import { architectureOf } from "./system-architecture.ts";

/** Most responses that may have come after the code was written. */
const maxLater = 8;

/** The program keeps the entries of users apart, and its tests try that. */
const isKept = (quality: string) => quality.startsWith("Nobody sees or changes ");

/** Lists what the documents say of the whole, and no template builds: qualities, and decisions against the topic's risks. */
const promisesIn = (
  { brief }: Work,
  qualities: readonly string[],
  decisions: SystemArchitecture["decisions"],
): string[] => [
  ...qualities.filter((quality) => !isKept(quality)),
  ...decisions
    .map(({ decision }) => decision)
    .filter((decision) => brief.topics.some(({ mitigation }) => mitigation === decision)),
];

/** Gives what the project's program is written from. */
export const designOf = (work: Work): Design => {
  const { requirements, non_functional } = specificationOf(work);
  const architecture = architectureOf(work);
  return {
    name: work.brief.name,
    about: work.brief.opening,
    requirements,
    architecture,
    promises: promisesIn(work, non_functional, architecture.decisions),
  };
};

/** Gives a request without the newest response. */
const withoutNewest = (request: AgentRequest): AgentRequest => {
  if (request.answers.length > 0) return { ...request, answers: request.answers.slice(0, -1) };
  const at = request.context.findLastIndex((item) => item.artifact_type === "hitl_response");
  return { ...request, context: request.context.filter((_, index) => index !== at) };
};

/** Lists the designs from which the newest code may have been written: of now, and before each of the newest responses. */
export const designsUntilNow = (work: Work): Design[] => {
  const designs = [designOf(work)];
  let { request } = work;
  for (let left = Math.min(maxLater, work.brief.feedback.length); left > 0; left -= 1) {
    request = withoutNewest(request);
    designs.push(designOf({ request, brief: briefOf(request) }));
  }
  return designs;
};
