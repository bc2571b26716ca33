import { openLogger } from "../../../functions/wiring/logger.ts";
import type { Log } from "../../../lib/contracts/log.ts";
import type { Call } from "./calls.ts";
import type { Gateway } from "./gateway.ts";
import type { Instance } from "./instance.ts";

/** What somebody of a tenant got to see, or what was written while work was done for it. */
export type Seen = { tenants: readonly string[]; what: unknown };

/** The tenants whose items a request names. */
const inKeys = (text: string): string[] =>
  [...text.matchAll(/"TENANT#([^#"]+)#/g)].map(([, tenant = ""]) => tenant);

/** The tenants that messages are about. */
const inMessages = (text: string): string[] =>
  [...text.matchAll(/\\"tenant\\":\\"([^"\\]+)\\"/g)].map(([, tenant = ""]) => tenant);

type Post = { connection_id: string };

/**
 * The borders between tenants: a process that works for some of them touches no item, sends no message and posts to no
 * socket of another. Keeps the log lines, to be looked at when the world has come to its end.
 */
export const openBorders = (gateway: Pick<Gateway, "tenantOf">) => {
  const lines: Seen[] = [];
  const trespassers: string[] = [];
  const named = {
    dynamodb: ({ text }: Call) => inKeys(text),
    sqs: ({ text }: Call) => inMessages(text),
    sockets: ({ request }: Call) => gateway.tenantOf((request as Post).connection_id),
  } as const satisfies Record<Call["service"], (call: Call) => string[]>;
  return {
    lines,
    trespassers,
    watch: (call: Call, describe: () => string) => {
      const { tenants } = call.instance;
      if (tenants && named[call.service](call).some((tenant) => !tenants.includes(tenant)))
        trespassers.push(describe());
    },
    /** Of one process: a line is about the tenant that it names, or else about those whose work is done. */
    loggerOf: ({ tenants, name }: Pick<Instance, "tenants" | "name">): Log => {
      const write = (text: string, fields: Record<string, unknown>) => {
        const about = fields.tenant === undefined ? tenants : [String(fields.tenant)];
        if (!about) return;
        lines.push({ tenants: about, what: [text, fields] });
        if (about.some((tenant) => tenants?.includes(tenant) === false))
          trespassers.push(`${name}, in its log line "${text}",`);
      };
      return openLogger({ info: write, warn: write, error: write });
    },
  };
};
