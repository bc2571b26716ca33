import type { Lesson } from "../../domain/budget/lessons.ts";
import type { FittedTool } from "../tool-schemas/fit-tool.ts";

/** A lesson of this run: also what is about this run's request only, and so is remembered nowhere else. */
export type RunLesson = Pick<Lesson, "model" | "option" | "takes"> & { provider: string };

/** What one run of an agent has learnt of models, and told people. */
export type RunMemory = {
  lessons: RunLesson[];
  /** Tools that a model's provider does not take, as `provider/model tool`. */
  refusedTools: Set<string>;
  /** Tools as providers take them, by rules and name; null for one that cannot be sent. */
  fitted: Map<string, FittedTool | null>;
  /** Sentences that were said: each is said once. */
  said: Set<string>;
};

export const newRunMemory = (): RunMemory => ({
  lessons: [],
  refusedTools: new Set(),
  fitted: new Map(),
  said: new Set(),
});
