import { v7 } from "uuid";

/** A UUID version 7: ids made one after another sort in that order. */
export const newId = (): string => v7();
