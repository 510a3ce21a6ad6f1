import { existsSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { boards } from "board/boards";
import sirv from "sirv";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const headers = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  // A board may be pointed at any server; everything else comes from here.
  "Content-Security-Policy":
    "default-src 'self'; connect-src *; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
};

/** Serves the index page and the four boards as they were built. */
export function createSite(): Handler {
  const index = files("../public");
  const style = files("../../board/src");
  const built = new Map(boards.map(({ name, path }) => [path, files(`../../${name}/dist`)]));
  return (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (request.method !== "GET" && request.method !== "HEAD") return plain(response, 405, "Only GET here.");
    delete request.headers.range; // nothing here is worth a part
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    if (path === "/board.css") return style(request, response);
    const [, first = "", ...rest] = path.split("/");
    const serve = built.get(`/${first}/`);
    if (serve === undefined) return index(request, response);
    if (rest.length === 0) return redirect(response, `/${first}/`);
    if (!existsSync(folder(`../../${first}/dist/index.html`))) return notBuilt(response, first);
    request.url = `/${rest.join("/")}`;
    serve(request, response);
  };
}

/** The files of one folder, asked for at each request: a build made while the feed runs is served. */
function files(path: string): Handler {
  return sirv(folder(path), {
    dev: true,
    etag: true,
    setHeaders: (response, name) => {
      if (name.startsWith("/assets/")) response.setHeader("Cache-Control", "public, max-age=31536000, immutable");
    },
    onNoMatch: (_request, response) => plain(response, 404, "There is nothing here."),
  });
}

function notBuilt(response: ServerResponse, name: string): void {
  const port = boards.find((board) => board.name === name)?.devPort;
  const text = `The ${name} board is not built. \`npx pnpm@12 start\` builds it; \`pnpm dev\` serves it at http://localhost:${port}/${name}/`;
  plain(response, 503, text);
}

function redirect(response: ServerResponse, path: string): void {
  response.writeHead(308, { Location: path }).end();
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}
