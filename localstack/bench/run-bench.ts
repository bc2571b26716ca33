import { availableParallelism, cpus, totalmem } from "node:os";
import { measureCrowd } from "./measure-crowd.ts";
import { measureGates } from "./measure-gates.ts";
import { measureRequests } from "./measure-requests.ts";
import { measureRuns, measureTogether } from "./measure-runs.ts";
import { openSend } from "./request.ts";
import { median } from "./statistics.ts";
import { rateLines, timingLines } from "./table.ts";

const GIB = 2 ** 30;

const machine = () => {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  const memory = (totalmem() / GIB).toFixed(0);
  return `${availableParallelism()} cores (${model}), ${memory} GB, Node ${process.versions.node}, ${process.platform} ${process.arch}`;
};

/**
 * Runs all measurements on one stack, one after another.
 *
 * @param onMeasurement is called with the name of each measurement before it
 * @returns the lines of the table
 */
export const runBench = async (
  { url, ws, runs }: { url: string; ws: string; runs: number },
  onMeasurement: (now: string) => void,
): Promise<string[]> => {
  const send = openSend(url);
  onMeasurement("warming up");
  await measureRuns(send, ws, 1);
  onMeasurement("requests");
  const requests = await measureRequests(send, ws, runs);
  onMeasurement("approvals");
  const gates = await measureGates(send, ws, runs);
  onMeasurement("whole runs and replays");
  const whole = await measureRuns(send, ws, runs);
  onMeasurement("many sockets");
  const crowd = await measureCrowd(send, ws);
  onMeasurement("many projects");
  const together = await measureTogether(send, ws);
  const baseMs = median(requests[0]?.samples ?? []);
  return [
    `  ${machine()}`,
    "",
    ...timingLines([...gates, ...whole, ...requests, crowd.timing], baseMs),
    "",
    ...rateLines([crowd.rate, together]),
    "",
    "  ratio: the median as a multiple of that of GET /projects/{id}",
  ];
};
