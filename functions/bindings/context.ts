import { zip } from "../../lib/archive/zip.ts";
import { encodeCursor, placeOf } from "../../lib/http/fields.ts";
import * as routes from "../../lib/http/routes/context.ts";
import {
  deliverableSummaryRoute,
  downloadDeliverableRoute,
} from "../../lib/http/routes/deliverable.ts";
import { serve } from "../../lib/http/serve.ts";
import {
  addArtifact,
  getArtifact,
  listArtifacts,
  removeArtifact,
  replaceArtifact,
} from "../../lib/services/artifacts/artifacts.ts";
import {
  downloadDeliverable,
  summarizeDeliverable,
} from "../../lib/services/artifacts/deliverable.ts";
import type { Dependencies } from "../wiring/platform.ts";

export const serveContext = (deps: Dependencies) => [
  serve(routes.addArtifactRoute, ({ path, body }, call) =>
    addArtifact(deps, call, { ...path, ...body }),
  ),
  serve(routes.listArtifactsRoute, async ({ path, query }, call) => {
    const { artifact_type, source_agent } = query;
    const { items, last } = await listArtifacts(deps, call, {
      ...path,
      ...placeOf(query),
      artifact_type,
      source_agent,
    });
    return { artifacts: items, next_cursor: encodeCursor(last) };
  }),
  serve(routes.getArtifactRoute, ({ path, query }, call) =>
    getArtifact(deps, call, { ...path, ...query }),
  ),
  serve(routes.replaceArtifactRoute, ({ path, body }, call) =>
    replaceArtifact(deps, call, { ...path, ...body }),
  ),
  serve(routes.removeArtifactRoute, ({ path }, call) => removeArtifact(deps, call, path)),
  serve(deliverableSummaryRoute, ({ path }, call) => summarizeDeliverable(deps, call, path)),
  serve(downloadDeliverableRoute, ({ path }, call) =>
    downloadDeliverable({ ...deps, zip }, call, path),
  ),
];
