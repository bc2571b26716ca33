import * as z from "zod";
import { addMs, Instant } from "../common.ts";

/**
 * What a server's refusal has shown of one of its models: an option that it does not take, or the most that it takes of
 * something. Requests follow it until its end, when the server is asked again.
 */
export const Lesson = z.object({
  model: z.string().max(200),
  /** The name of a capability (lib/settings/capabilities.ts). */
  option: z.string().max(40),
  /** What the model takes in its place; false for an option that it does not take at all. */
  takes: z.union([z.literal(false), z.string().max(40), z.int().min(1)]),
  until: Instant,
});
export type Lesson = z.infer<typeof Lesson>;

/** How long a lesson holds: a server that takes more after an update is asked again. */
const lessonMs = 7 * 86_400_000;
/** Lessons of one provider; the oldest leave first. */
const maxLessons = 100;

const isAbout =
  ({ model, option }: Pick<Lesson, "model" | "option">) =>
  (lesson: Lesson): boolean =>
    lesson.model === model && lesson.option === option;

/** Makes a lesson that holds from `now` on. */
export const lessonOf = (learnt: Omit<Lesson, "until">, now: string): Lesson => ({
  ...learnt,
  model: learnt.model.slice(0, 200),
  until: addMs(now, lessonMs),
});

/** Adds a lesson in place of an older one about the same option. */
export const addLesson = (lessons: readonly Lesson[], lesson: Lesson, now: string): Lesson[] =>
  [...heldLessons(lessons, now).filter((other) => !isAbout(lesson)(other)), lesson].slice(
    -maxLessons,
  );

/** Gives the lessons that still hold. */
export const heldLessons = (lessons: readonly Lesson[], now: string): Lesson[] =>
  lessons.filter(({ until }) => now < until);
