import { once } from "node:events";
import { createServer } from "node:net";
import { type PortName, ports, type Settings } from "../settings.ts";

const isFree = async (port: number) => {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
    await once(server.close(), "close");
    return true;
  } catch {
    return false;
  }
};

/** @throws Error naming the first port that is taken, and the variable that sets another one */
export const requireFreePorts = async (settings: Settings, names: readonly PortName[]) => {
  for (const name of names) {
    const port = settings.ports[name];
    if (!(await isFree(port)))
      throw new Error(
        `Port ${port} is in use. Set another one: ${ports[name].variable}=${port + 100}`,
      );
  }
};
