import { openLogger } from "../../functions/wiring/logger.ts";

type Line = { level: string; text: string } & Record<string, unknown>;

/** The functions' own logger, with its lines kept. */
export const keptLog = () => {
  const lines: Line[] = [];
  const keep = (level: string) => (text: string, fields: Record<string, unknown>) =>
    void lines.push({ level, text, ...fields });
  const logger = openLogger({ info: keep("info"), warn: keep("warn"), error: keep("error") });
  return { logger, lines };
};
