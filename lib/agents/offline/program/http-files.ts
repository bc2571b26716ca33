import type { SourceCodeFile } from "../../contents/source-code.ts";

/** How the program answers over HTTP. */
export const httpFiles: readonly SourceCodeFile[] = [
  {
    path: "src/app.js",
    language: "javascript",
    content: String.raw`import { pageOf } from "./page.js";
import { Refusal } from "./refusal.js";

/** Most characters of a body. */
export const maxBody = 100_000;

const json = (status, body, headers = {}) => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", ...headers },
  body: body === null ? "" : JSON.stringify(body) + "\n",
});

const refuse = (status, problems, headers) => json(status, { error: problems.join(" "), problems }, headers);

/** Gives the values in a path for a route's path; null when it is another path. */
const match = (pattern, path) => {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  if (wanted.length !== given.length) return null;
  const fits = wanted.every((part, at) => part === given[at] || (part === "{id}" && given[at] !== ""));
  return fits ? { id: given[wanted.indexOf("{id}")] } : null;
};

const bodyOf = (text) => {
  if (text.length > maxBody) throw new Refusal(413, "The body has more than " + maxBody + " characters.");
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, "The body is no JSON.");
  }
};

/** Gives the user. This program believes the header: put a login in front of it before others can reach it. */
const userOf = (headers) => {
  const user = (headers["x-user"] ?? "").trim();
  if (user === "") throw new Refusal(401, "Say who you are in the header X-User.");
  if (user === "*" || !/^[\x20-\x7e]{1,60}$/.test(user)) throw new Refusal(400, "X-User must be 1 to 60 printable ASCII characters, and not *.");
  return user;
};

const answerOf = ({ status, body, type }) =>
  type === undefined ? json(status, body) : { status, headers: { "content-type": type }, body };

/**
 * Makes the program's function from a request to a response: { method, url, headers, body } → { status, headers, body }.
 * Names of headers are in small letters.
 */
export const createApp = ({ store, routes, project, now = () => new Date() }) => {
  const run = ({ method, url, headers, body }) => {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    if (pathname === "/") {
      if (method === "GET" || method === "HEAD") return { ...pageOf(project, routes), status: 200 };
      return refuse(405, ["Use GET."], { allow: "GET, HEAD" });
    }
    const path = decodeURIComponent(pathname);
    const fitting = routes.filter((route) => match(route.path, path));
    const wanted = method === "HEAD" ? "GET" : method;
    const route = fitting.find((each) => each.method === wanted);
    if (fitting.length === 0) return refuse(404, ["There is nothing at this address."]);
    if (!route) {
      const allow = [...new Set(fitting.map((each) => each.method))].join(", ");
      return refuse(405, ["Use " + allow + "."], { allow });
    }
    const call = {
      user: userOf(headers),
      id: match(route.path, path).id,
      query: Object.fromEntries(searchParams),
      headers,
      body: bodyOf(body ?? ""),
      now: now(),
    };
    return answerOf(route.run(store, call));
  };
  return (request) => {
    try {
      const answer = run(request);
      return request.method === "HEAD" ? { ...answer, body: "" } : answer;
    } catch (error) {
      if (error instanceof Refusal) return refuse(error.status, error.problems);
      if (error instanceof URIError) return refuse(400, ["The address is not encoded well."]);
      if (error instanceof TypeError && error.code === "ERR_INVALID_URL") return refuse(400, ["The address is not valid."]);
      console.error(error);
      return refuse(500, ["The program failed; its output says why."]);
    }
  };
};
`,
  },
  {
    path: "src/serve.js",
    language: "javascript",
    content: `import { createServer } from "node:http";
import { maxBody } from "./app.js";

const readBody = async (request) => {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= maxBody * 4) chunks.push(chunk);
  }
  return bytes <= maxBody * 4 ? Buffer.concat(chunks).toString("utf8") : " ".repeat(maxBody + 1);
};

const answer = async (app, request, response) => {
  const { method, url, headers } = request;
  const { status, headers: sent, body } = app({ method, url, headers, body: await readBody(request) });
  response.writeHead(status, sent).end(body);
};

/** Serves the program over HTTP. Resolves with the server when it listens. */
export const serve = (app, { port, host }) =>
  new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      answer(app, request, response).catch(() => response.destroy());
    });
    server.once("error", reject);
    server.listen(port, host, () => resolve(server));
  });
`,
  },
  {
    path: "src/server.js",
    language: "javascript",
    content: `import { createApp } from "./app.js";
import { project } from "./project.js";
import { routes } from "./routes.js";
import { serve } from "./serve.js";
import { createStore } from "./store.js";

const { PORT = "3000", HOST = "127.0.0.1", DATA_FILE = "data/entries.json" } = process.env;

try {
  if (!/^\\d{1,5}$/.test(PORT) || Number(PORT) > 65_535) throw new Error("PORT must be a whole number, 0 to 65535.");
  const app = createApp({ store: createStore(DATA_FILE), routes, project });
  const server = await serve(app, { port: Number(PORT), host: HOST });
  console.log(project.name + " listens on http://" + HOST + ":" + server.address().port);
  for (const signal of ["SIGINT", "SIGTERM"])
    process.once(signal, () => {
      server.close();
      server.closeAllConnections();
    });
} catch (error) {
  console.error("Cannot start: " + error.message);
  process.exitCode = 1;
}
`,
  },
  {
    path: "src/page.js",
    language: "javascript",
    content: String.raw`const signs = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const safe = (text) => String(text).replace(/[&<>"']/g, (sign) => signs[sign]);

const row = ({ method, path, requirement, purpose }) =>
  "<tr><td><code>" + safe(method) + "</code></td><td><code>" + safe(path) + "</code></td><td>" +
  safe(purpose) + "</td><td>" + safe(requirement ?? "") + "</td></tr>";

const script = [
  "const at = (id) => document.getElementById(id);",
  "const send = async (method, path, body) => {",
  "  const headers = { 'x-user': at('user').value, 'content-type': 'application/json' };",
  "  const response = await fetch(path, { method, headers, body });",
  "  at('answer').textContent = response.status + ' ' + (await response.text());",
  "};",
  "at('search').onclick = () => send('GET', at('kind').value + '?q=' + encodeURIComponent(at('words').value));",
  "at('add').onclick = () => send('POST', at('kind').value, at('entry').value);",
].join("\n");

const tools = (names) =>
  "<p><label>User <input id=user value=anna></label> <label>What <select id=kind>" +
  names.map((name) => "<option value='/" + safe(name) + "'>" + safe(name) + "</option>").join("") +
  "</select></label></p><p><label>Words <input id=words></label> <button id=search>Search</button></p>" +
  "<p><label>Entry as JSON <input id=entry size=60 value='{&quot;name&quot;: &quot;The first&quot;}'></label> " +
  "<button id=add>Add</button></p><pre id=answer></pre><script>" + script + "</script>";

/** The index page: what the program offers, and a form to try it. */
export const pageOf = (project, routes) => {
  const names = [...new Set(routes.map(({ entity }) => entity.name))];
  const body =
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>" +
    safe(project.name) + "</title><h1>" + safe(project.name) + "</h1><p>" + safe(project.about) + "</p>" +
    (names.length > 0 ? tools(names) : "") +
    "<table><tr><th>Method</th><th>Path</th><th>What it does</th><th>Requirement</th></tr>" +
    routes.map(row).join("") + "</table>\n";
  return { headers: { "content-type": "text/html; charset=utf-8" }, body };
};
`,
  },
];
