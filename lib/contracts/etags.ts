import type { ContextArtifact } from "../domain/artifact/artifact.ts";
import type { DeliverableSummary } from "../domain/artifact/deliverable.ts";
import type { Project } from "../domain/project/project.ts";
import type { HitlRequest } from "../domain/request/request.ts";
import type { Task } from "../domain/task/task.ts";

/** Makes the text of a resource's ETag. It differs whenever the representation differs. */
export const tagOf = {
  project: ({ head }: Pick<Project, "head">) => `p${head}`,
  task: (task: Pick<Task, "attempt" | "status" | "progress_percentage" | "updated_at">) =>
    `t${task.attempt}-${task.status}-${task.progress_percentage}-${Date.parse(task.updated_at)}`,
  artifact: ({ version }: Pick<ContextArtifact, "version">) => `v${version}`,
  deliverable: ({ sha256 }: Pick<DeliverableSummary, "sha256">) => sha256,
  request: ({ status, updated_at }: Pick<HitlRequest, "status" | "updated_at">) =>
    `h${status}-${Date.parse(updated_at)}`,
} as const;
