import { encodeCursor, placeOf } from "../../lib/http/fields.ts";
import { callTranscriptRoute, taskCallsRoute } from "../../lib/http/routes/calls.ts";
import * as routes from "../../lib/http/routes/tasks.ts";
import { serve } from "../../lib/http/serve.ts";
import { getTranscript, listTaskCalls } from "../../lib/services/projects/calls.ts";
import { getTask, listTasks } from "../../lib/services/tasks/read-tasks.ts";
import { cancel, createTask, retry } from "../../lib/services/tasks/task-commands.ts";
import type { Dependencies } from "../wiring/platform.ts";

export const serveTasks = (deps: Dependencies) => [
  serve(routes.listTasksRoute, async ({ path, query }, call) => {
    const { items, last } = await listTasks(deps, call, { ...path, ...placeOf(query) });
    return { tasks: items, next_cursor: encodeCursor(last) };
  }),
  serve(routes.createTaskRoute, ({ path, body }) => createTask({ ...path, ...body })),
  serve(routes.getTaskRoute, ({ path }, call) => getTask(deps, call, path)),
  serve(taskCallsRoute, async ({ path, query }, call) => {
    const { items, last } = await listTaskCalls(deps, call, { ...path, ...placeOf(query) });
    return { calls: items, next_cursor: encodeCursor(last) };
  }),
  serve(callTranscriptRoute, ({ path }, call) => getTranscript(deps, call, path)),
  serve(routes.cancelTaskRoute, ({ path }) => cancel(path)),
  serve(routes.retryTaskRoute, ({ path }) => retry(path)),
];
