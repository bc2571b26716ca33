/** `npm run docs`: writes openapi.json and asyncapi.json. */
import { writeFile } from "node:fs/promises";
import { asyncApi } from "../../lib/http/openapi/asyncapi.ts";
import { openApi } from "../../lib/http/openapi/openapi.ts";
import { routes } from "../../lib/http/routes.ts";
import packageJson from "../../package.json" with { type: "json" };

const { version } = packageJson;

const write = (path: string, document: object) =>
  writeFile(path, `${JSON.stringify(document, null, 2)}\n`);

await write("openapi.json", openApi(routes, version));
await write("asyncapi.json", asyncApi(version));
