import type { World } from "../world/open-world.ts";
import { choicesOf } from "./choices.ts";
import { peopleIn } from "./people.ts";

/** No chance in here. */
const choices = { ...choicesOf(() => 0), chance: () => false };

const ended = ["completed", "failed", "cancelled"];

/** A person who uses each command of the API that changes something, one after another. */
export const commandsRun = async (world: World): Promise<void> => {
  const { time } = world;
  const people = peopleIn(world, choices);
  const project_id = await people.createProject("ann", { name: "Commands", workflow: "none" });
  const task = async (name: string, instructions: string) => {
    const { body } = await people.createTask("ann", project_id, {
      name,
      agent_type: "coder",
      instructions,
    });
    return String(body.task_id);
  };
  const note = await people.addArtifact("ann", project_id, "First thoughts");
  await people.replaceArtifact(String(note.body.context_id), "Second thoughts");
  await people.rename(project_id, "All commands");
  const cancelled = await task("Cancelled", "Write. [[sleep:4000]]");
  await time.sleep(1_000);
  await people.cancelTask("ann", project_id, cancelled);
  await people.retryTask("ann", project_id, cancelled);
  const asked = await task("Asked about", "Write. [[sleep:4000]]");
  const { body: request } = await people.ask("ann", project_id, asked, "In which tone?");
  await people.respond("ann", String(request.request_id), { action: "amend", content: "Merry" });
  await task("Asks", "Write. [[ask:How long?]]");
  await time.sleep(3_000);
  const { pending_hitl } = await people.status(project_id);
  if (pending_hitl.length > 0) {
    await people.approveAll(
      "ann",
      pending_hitl.map(({ request_id }) => request_id),
    );
  }
  await task("Fails once", "Write. [[fail:1]]");
  await time.sleep(500);
  await people.steer("ann", project_id, "pause");
  await time.sleep(2_000);
  await people.steer("ann", project_id, "resume");
  await people.removeArtifact(String(note.body.context_id));
  await task("Left open", "Write. [[sleep:90000]]");
  await time.sleep(8_000);
  await people.steer("ann", project_id, "force-complete");
  for (let status = "active"; !ended.includes(status); ) {
    ({ status } = await people.status(project_id));
    await time.sleep(1_000);
  }
};
