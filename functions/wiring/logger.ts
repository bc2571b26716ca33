import { Logger } from "@aws-lambda-powertools/logger";

/** Structured JSON lines; level and service name come from Powertools' own environment. */
export const openLogger = (): Logger => new Logger();
