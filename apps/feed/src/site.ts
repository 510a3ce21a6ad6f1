import { existsSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { boards } from "board/boards";
import { files, folder, type Handler, plain, redirect } from "./files.ts";

const headers = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  // A board may be pointed at any server; everything else comes from here.
  "Content-Security-Policy":
    "default-src 'self'; connect-src *; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
};

/** Serves the index page, the boards as they were built, and what is at /stats, where something is. */
export function createSite(stats: Handler | undefined): Handler {
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
    if (first === "stats" && stats) return stats(request, response);
    const serve = built.get(`/${first}/`);
    if (serve === undefined) return index(request, response);
    if (rest.length === 0) return redirect(response, `/${first}/`);
    if (!existsSync(folder(`../../${first}/dist/index.html`))) return notBuilt(response, first);
    request.url = `/${rest.join("/")}`;
    serve(request, response);
  };
}

function notBuilt(response: ServerResponse, name: string): void {
  const port = boards.find((board) => board.name === name)?.devPort;
  const text = `The ${name} board is not built. \`npx pnpm@12 start\` builds it; \`pnpm dev\` serves it at http://localhost:${port}/${name}/`;
  plain(response, 503, text);
}
