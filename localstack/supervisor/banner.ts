import { styleText } from "node:util";
import { ports, type Settings } from "../settings.ts";

type Endpoints = { dynamodbEndpoint: string; sqsEndpoint: string };

const body = `'{"name":"My first project"}'`;

const keptIn = ({ dynamodbEndpoint, dataDir }: Settings) => {
  if (dynamodbEndpoint !== undefined) return "";
  return dataDir === undefined ? "in memory" : `in ${dataDir}`;
};

/** Writes variables for the demo when the ports are not the standard ones. */
const demoWith = ({ ports: { http, ws } }: Settings) =>
  http === ports.http.standard && ws === ports.ws.standard
    ? ""
    : `HTTP_PORT=${http} WS_PORT=${ws} `;

/** Writes the addresses, a first request, and how to start the demo. */
export const banner = (settings: Settings, endpoints: Endpoints, seconds: string) => {
  const http = `http://127.0.0.1:${settings.ports.http}`;
  const row = (name: string, value: string, note = "") =>
    `  ${styleText("dim", name.padEnd(11))}${styleText("cyan", value)}${note && styleText("dim", `  ${note}`)}`;
  return [
    "",
    `  ${styleText("green", "●")} ${styleText("bold", "BotArmy is up")} ${styleText("dim", `(${seconds} s)`)}`,
    "",
    row("HTTP API", http),
    row("Docs", `${http}/docs`),
    row("WebSocket", `ws://127.0.0.1:${settings.ports.ws}`),
    row("DynamoDB", endpoints.dynamodbEndpoint, keptIn(settings)),
    row("SQS", endpoints.sqsEndpoint),
    "",
    "  Try",
    `  curl -s ${http}/api/v1/projects -H 'content-type: application/json' -d ${body}`,
    `  ${demoWith(settings)}npm run demo`,
    "",
    "",
  ].join("\n");
};
