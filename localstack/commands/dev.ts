/** `npm run dev`: runs the whole stack on this machine. */
import { readSettings } from "../settings.ts";
import { run } from "../supervisor/run.ts";
import { runStack } from "../supervisor/run-stack.ts";

await run(() => runStack(readSettings()));
