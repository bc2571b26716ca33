import { Problem, type ProblemCode } from "../../lib/domain/problem.ts";

type Fields = ConstructorParameters<typeof Problem>;

const extensions = {
  "already-decided": { current: "approved" },
  "too-large": { max_bytes: 1 },
  "invalid-request": { errors: [] },
  "in-doubt": { retry_after: 30 },
} as const satisfies { [Code in ProblemCode]?: Problem["extensions"] };

/** A problem with any code; a code that needs extensions gets some. */
export const aProblem = (code: ProblemCode, detail = "No."): Problem =>
  new Problem(
    ...([code, detail, { extensions: extensions[code as keyof typeof extensions] }] as Fields),
  );
