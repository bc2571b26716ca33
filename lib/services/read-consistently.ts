import { Problem } from "../domain/problem.ts";
import type { ProjectRecord } from "../domain/project/project.ts";

const maxTries = 12;

/**
 * Reads records of a project as they were together at one moment. Every commit moves the project's head: what `read`
 * gives counts only when the head is the same before and after.
 *
 * @param loadHead reads the project's record
 * @param read reads the rest; it is given the record as it was before
 * @returns the project and what was read, of the same head
 * @throws Problem `busy` when the head moved during each of 12 tries
 */
export const readConsistently = async <T>(
  loadHead: () => Promise<ProjectRecord>,
  read: (project: ProjectRecord) => Promise<T>,
): Promise<{ project: ProjectRecord; found: T }> => {
  let before = await loadHead();
  for (let tries = 0; tries < maxTries; tries += 1) {
    const found = await read(before);
    const project = await loadHead();
    if (project.head === before.head) return { project, found };
    before = project;
  }
  throw new Problem("busy", "The project changes faster than it can be read. Please try again.");
};
