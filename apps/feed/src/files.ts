import type { IncomingMessage, ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import sirv from "sirv";

/** Answers a request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A path from this file, as one of the system. */
export const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The files of one folder, asked for at each request: a build made while the feed runs is served. */
export function files(path: string): Handler {
  return sirv(folder(path), {
    dev: true,
    etag: true,
    setHeaders: (response, name) => {
      if (name.startsWith("/assets/") && !response.hasHeader("Cache-Control"))
        response.setHeader("Cache-Control", "public, max-age=31536000, immutable");
    },
    onNoMatch: (_request, response) => plain(response, 404, "There is nothing here."),
  });
}

/** Leads to another path for good. */
export function redirect(response: ServerResponse, path: string): void {
  response.writeHead(308, { Location: path }).end();
}

/** Answers with a sentence. */
export function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}
