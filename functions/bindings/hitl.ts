import { encodeCursor, placeOf } from "../../lib/http/fields.ts";
import * as routes from "../../lib/http/routes/hitl.ts";
import { serve } from "../../lib/http/serve.ts";
import { bulkApprove } from "../../lib/services/requests/bulk-approve.ts";
import { openRequest } from "../../lib/services/requests/open-request.ts";
import {
  getRequest,
  pendingRequests,
  projectRequests,
  requestContext,
  requestHistory,
} from "../../lib/services/requests/read-requests.ts";
import { respond } from "../../lib/services/requests/respond.ts";
import type { Dependencies } from "../wiring/platform.ts";

const withCursor = <T extends { last: string | null }>({ last, ...page }: T) => ({
  ...page,
  next_cursor: encodeCursor(last),
});

export const serveHitl = (deps: Dependencies) => [
  serve(routes.openRequestRoute, ({ path, body }) => openRequest({ ...path, ...body })),
  serve(routes.pendingRequestsRoute, async ({ query }, call) =>
    withCursor(await pendingRequests(deps, call, placeOf(query))),
  ),
  serve(routes.projectRequestsRoute, async ({ path, query }, call) => {
    const { status_filter } = query;
    const page = { ...path, ...placeOf(query), status_filter };
    return withCursor(await projectRequests(deps, call, page));
  }),
  serve(routes.getRequestRoute, ({ path }, call) => getRequest(deps, call, path)),
  serve(routes.requestHistoryRoute, ({ path }, call) => requestHistory(deps, call, path)),
  serve(routes.requestContextRoute, ({ path }, call) => requestContext(deps, call, path)),
  serve(routes.respondRoute, ({ path, body }, call) => respond(deps, call, { ...path, ...body })),
  serve(routes.bulkApproveRoute, ({ body }, sender) => bulkApprove(deps, sender, body)),
];
