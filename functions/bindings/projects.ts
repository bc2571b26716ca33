import { encodeCursor, placeOf } from "../../lib/http/fields.ts";
import { exportUsageRoute } from "../../lib/http/routes/calls.ts";
import * as routes from "../../lib/http/routes/projects.ts";
import { projectUsageRoute } from "../../lib/http/routes/usage.ts";
import { serve } from "../../lib/http/serve.ts";
import { exportCalls } from "../../lib/services/projects/calls.ts";
import { createProject } from "../../lib/services/projects/create-project.ts";
import { projectCompletion, projectStatus } from "../../lib/services/projects/project-status.ts";
import { readEvents } from "../../lib/services/projects/read-events.ts";
import { getProject, listProjects } from "../../lib/services/projects/read-projects.ts";
import {
  cancel,
  changeProject,
  forceComplete,
  pause,
  resume,
} from "../../lib/services/projects/steer-project.ts";
import { projectUsage } from "../../lib/services/projects/usage.ts";
import type { Dependencies } from "../wiring/platform.ts";

export const serveProjects = (deps: Dependencies) => [
  serve(routes.createProjectRoute, ({ body }, call) => createProject(deps, call, body)),
  serve(routes.listProjectsRoute, async ({ query }, call) => {
    const page = { ...placeOf(query), status: query.status };
    const { items, last } = await listProjects(deps, call, page);
    return { projects: items, next_cursor: encodeCursor(last) };
  }),
  serve(routes.getProjectRoute, ({ path }, call) => getProject(deps, call, path)),
  serve(routes.updateProjectRoute, ({ path, body }) => changeProject({ ...path, ...body })),
  serve(routes.projectStatusRoute, ({ path }, call) => projectStatus(deps, call, path)),
  serve(routes.pauseProjectRoute, ({ path }) => pause(path)),
  serve(routes.resumeProjectRoute, ({ path }) => resume(path)),
  serve(routes.cancelProjectRoute, ({ path }) => cancel(path)),
  serve(routes.projectCompletionRoute, ({ path }, call) => projectCompletion(deps, call, path)),
  serve(routes.forceCompleteRoute, ({ path }) => forceComplete(path)),
  serve(projectUsageRoute, async ({ path, query }, call) => {
    const { usage, last } = await projectUsage(deps, call, { ...path, ...placeOf(query) });
    return { ...usage, next_cursor: encodeCursor(last) };
  }),
  serve(exportUsageRoute, ({ path }, call) => exportCalls(deps, call, path)),
  serve(routes.listEventsRoute, ({ path, query }, call) =>
    readEvents(deps, call, { ...path, ...query }),
  ),
];
