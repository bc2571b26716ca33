import { v7 } from "uuid";

/** Makes a UUID of version 7. Ids sort in the order in which they were made. */
export const newId = (): string => v7();
