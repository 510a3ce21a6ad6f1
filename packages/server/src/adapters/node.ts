import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { optionInvalid } from "@tidewire/wire";
import type { Hub } from "../hub.ts";
import { isOriginAllowed, type Origins } from "../plain/origin.ts";
import { type PlainRequest, parsePlainRequest, type Refusal } from "../plain/request.ts";
import { answerUpgrade, writeRefusal } from "./node-refusal.ts";
import { openSse } from "./node-sse.ts";
import { createUpgrader } from "./node-websocket.ts";

/** Options of {@link toNodeHandler}. */
export interface NodeHandlerOptions {
  /** Answers only this path and leaves every other request to the caller. Default: answers all that it is handed. */
  readonly path?: string | undefined;
  /** Foreign origins whose pages may read and send; or a function that decides. Default: pages of the same host only. */
  readonly origins?: Origins<IncomingMessage> | undefined;
  /** What EventSource is told to wait before it dials again, in milliseconds; each line gets half to one and a half of it. Default 1000. */
  readonly retryMs?: number | undefined;
}

/** Answers requests of Node's `http` and `http2`. */
export interface NodeHandler {
  /** Gives false for another path than `path`, having touched nothing; calls `next` then, where there is one. */
  (request: IncomingMessage, response: ServerResponse, next?: () => void): boolean;
  /** For the server's "upgrade" event. Gives false for another path, having touched nothing. */
  readonly handleUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
}

/** What one request asks for, or why it is refused. */
type Asked = PlainRequest | Refusal;

/** Makes the hub answer plain EventSource and plain WebSocket clients on a Node server. */
export function toNodeHandler(hub: Hub, options: NodeHandlerOptions = {}): NodeHandler {
  const { path, origins = [], retryMs = 1000 } = options;
  if (path !== undefined && !path.startsWith("/")) throw optionInvalid(`\`path\` begins with a slash, got ${path}.`);
  const upgrade = createUpgrader(hub.core);
  const isOurs = (url: URL) => path === undefined || url.pathname === path;

  const ask = (request: IncomingMessage, url: URL): Asked => {
    const { origin, host, ":authority": authority, "last-event-id": id } = request.headers;
    if (!isOriginAllowed(origin, host ?? one(authority), origins, request)) {
      return { status: 403, message: `Pages of ${origin} may not read here. Allow them with the option \`origins\`.` };
    }
    const full = hub.core.refusal();
    if (full) return { status: 503, message: full };
    return parsePlainRequest(url.searchParams, one(id), hub.core.settings.maxTopicsPerLine);
  };

  const handle = (request: IncomingMessage, response: ServerResponse, next?: () => void): boolean => {
    const url = urlOf(request);
    if (!isOurs(url)) {
      next?.();
      return false;
    }
    const asked = request.method === "GET" ? ask(request, url) : { status: 405, message: "Only GET is answered here." };
    if ("status" in asked) writeRefusal(response, asked);
    else openSse(hub.core, request, response, asked, retryMs);
    return true;
  };

  const handleUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): boolean => {
    const url = urlOf(request);
    if (!isOurs(url)) return false;
    const asked = ask(request, url);
    if ("status" in asked) answerUpgrade(socket, asked);
    else upgrade(request, socket, head, asked);
    return true;
  };
  return Object.assign(handle, { handleUpgrade });
}

/** The request's address. What cannot be read as one has the empty path, which no handler with a `path` answers. */
function urlOf(request: IncomingMessage): URL {
  const address = `http://localhost${request.url ?? ""}`;
  return new URL(URL.canParse(address) ? address : "http://localhost");
}

function one(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" ? header : header?.[0];
}
