import { expect, test } from "vitest";
import { Breaker, newBreaker } from "../../../lib/domain/budget/breaker.ts";
import {
  addLesson,
  heldLessons,
  type Lesson,
  lessonOf,
} from "../../../lib/domain/budget/lessons.ts";

const now = "2030-01-01T00:00:00.000Z";
const lesson = (model: string, option = "store"): Lesson =>
  lessonOf({ model, option, takes: false }, now);

test("a lesson holds for seven days", () => {
  const { until } = lesson("m");
  expect(until).toBe("2030-01-08T00:00:00.000Z");
  expect(heldLessons([lesson("m")], "2030-01-07T23:59:59.999Z")).toHaveLength(1);
  expect(heldLessons([lesson("m")], until)).toEqual([]);
});

test("a lesson replaces the one about the same option of the same model", () => {
  const others = [lesson("m", "schema"), lesson("n")];
  const newer = lessonOf({ model: "m", option: "store", takes: "x" }, now);
  expect(addLesson([lesson("m"), ...others], newer, now)).toEqual([...others, newer]);
});

test("the oldest leave first", () => {
  const all = Array.from({ length: 150 }, (_, n) => lesson(`m${n}`)).reduce<Lesson[]>(
    (known, next) => addLesson(known, next, now),
    [],
  );
  expect(all).toHaveLength(100);
  expect(all[0]).toEqual(lesson("m50"));
});

test("a long name of a model fits the record", () => {
  expect(
    Breaker.parse({ ...newBreaker("p"), lessons: [lesson("m".repeat(999))] }).lessons,
  ).toHaveLength(1);
});

test.each([undefined, null, "none", [{ model: 5 }]])(
  "lessons that are %j count as none",
  (lessons) => {
    expect(Breaker.parse({ ...newBreaker("p"), lessons }).lessons).toEqual([]);
  },
);
