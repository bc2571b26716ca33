import { Logger } from "@aws-lambda-powertools/logger";

/** Opens a logger that writes JSON lines. Powertools reads level and service name from its own variables. */
export const openLogger = (): Logger => new Logger();
