import type { Logger } from "@aws-lambda-powertools/logger";
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
    /** Of one process; who works for all tenants may write about each. */
    loggerOf: ({ tenants }: Pick<Instance, "tenants">): Logger => {
      const write = (...what: unknown[]) => {
        if (tenants) lines.push({ tenants, what });
      };
      return { info: write, warn: write, error: write } as unknown as Logger;
    },
  };
};
