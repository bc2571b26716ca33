import { apply, type Edit, moveProjectTo, setProject } from "../change.ts";
import type { Moment } from "../common.ts";
import { isClosed } from "../project/project.ts";
import { closeRequest } from "./open-request.ts";
import { isExpired, type RequestRecord } from "./request.ts";

/**
 * Closes a request that nobody responded to in time, and halts its project until it is resumed. Changes nothing when the
 * request is not expired.
 */
export const expireRequest =
  (request: RequestRecord, moment: Moment): Edit =>
  (change) => {
    if (!isExpired(request, moment.now)) return change;
    const { project } = change;
    const expired = closeRequest(request, "expire", "Nobody answered in time.", moment)(change);
    if (isClosed(project)) return expired;
    return apply(
      expired,
      setProject({ unanswered: [...project.unanswered, request.request_id] }),
      ...(project.status === "halted"
        ? []
        : [moveProjectTo("halt", "project_halted", "A request was not answered in time.")]),
    );
  };
