import { readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../dist/site/", import.meta.url));
const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript" };

/** Serves the built pages, from the origin that their streams come from. False: there is no such file. */
export function createFiles(): (request: IncomingMessage, response: ServerResponse) => boolean {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => extname(name) in types);
  const files = new Map(names.map((name) => [`/${name}`, readFileSync(`${folder}${name}`)]));
  return ({ url = "" }, response) => {
    const path = url.split("?")[0] ?? "";
    const file = files.get(path);
    if (file) response.writeHead(200, { "content-type": types[extname(path)] }).end(file);
    return file !== undefined;
  };
}
