import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Done, doJob, type Job } from "./jobs.ts";

const program = join(import.meta.dirname, "process.ts");

/** One process that does jobs, one after another. */
const openMember = () => {
  const child = fork(program, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const gone = new Promise<never>((_, reject) => {
    child.once("exit", (code) => reject(new Error(`A process ended with ${code}`)));
  });
  gone.catch(() => undefined);
  return {
    work: (job: Job): Promise<Done> => {
      const done = new Promise<Done>((resolve) =>
        child.once("message", (message) => resolve(message as Done)),
      );
      child.send(job);
      return Promise.race([done, gone]);
    },
    dismiss: () => child.disconnect(),
  };
};

/** Does all jobs on all cores, and tells of each when it is done. */
export const doAll = async (jobs: readonly Job[], onDone: (done: Done) => void): Promise<void> => {
  const waiting = [...jobs];
  const member = async () => {
    const { work, dismiss } = openMember();
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift())
      onDone(await work(job));
    dismiss();
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), jobs.length) }, member));
};

/** The other side: answers each message with what came of the job. */
export const serveJobs = (): void => {
  process.on("message", (job) => {
    void doJob(job as Job).then((done) => process.send?.(done));
  });
};
