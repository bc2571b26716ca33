import * as z from "zod";
import { Id } from "../domain/common.ts";

/** A message of the task queue: which task is to be looked at. What is to be done, the table says. */
export const TaskMessage = z.object({
  tenant: z.string().min(1),
  project_id: Id,
  task_id: Id,
  correlation_id: z.string(),
});
export type TaskMessage = z.infer<typeof TaskMessage>;
