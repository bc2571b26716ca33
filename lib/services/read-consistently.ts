import { Problem } from "../domain/problem.ts";
import type { ProjectRecord } from "../domain/project/project.ts";

const maxTries = 12;

/**
 * Reads records of a project as they were at one instant. Every commit moves the project's head: the result of `read` is
 * used only when the head is the same before and after. Otherwise all is read again.
 *
 * @param loadHead reads the project's record
 * @param read reads the other records; it gets the project as it was before
 * @returns the project, and what `read` gave
 * @throws Problem `busy` when the head moved during each of 12 tries, and whatever `loadHead` and `read` throw
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
