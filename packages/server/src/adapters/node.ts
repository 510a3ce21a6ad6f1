import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { optionInvalid } from "@tidewire/wire";
import type { Principal } from "../access.ts";
import type { Hub, HubCore } from "../hub.ts";
import { isOriginAllowed, type Origins } from "../plain/origin.ts";
import { type PlainRequest, parsePlainRequest, type Refusal } from "../plain/request.ts";
import { factsOf, headerOf, urlOf } from "./node-facts.ts";
import { answerPost, type PostRoute } from "./node-post.ts";
import { answerUpgrade, corsHeaders, statusOf, writeRefusal } from "./node-refusal.ts";
import { openSse } from "./node-sse.ts";
import { createUpgrader, speaksTidewire } from "./node-websocket.ts";

/** Options of {@link toNodeHandler}. */
export interface NodeHandlerOptions {
  /** Answers only this path (and `/up` and `/poll` below it) and leaves every other request to the caller. Default: answers all that it is handed. */
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

/** A plain request that was found to be in order. */
interface Admitted {
  readonly asked: PlainRequest;
  readonly principal: Principal | undefined;
}

/** Makes the hub answer Tidewire, EventSource and WebSocket clients on a Node server. */
export function toNodeHandler(hub: Hub, options: NodeHandlerOptions = {}): NodeHandler {
  const { path, origins = [], retryMs = 1000 } = options;
  if (path !== undefined && !path.startsWith("/")) throw optionInvalid(`\`path\` begins with a slash, got ${path}.`);
  const { core } = hub;
  const upgrade = createUpgrader(core);

  const refuseOrigin = (request: IncomingMessage): Refusal | undefined => {
    const { origin } = request.headers;
    const host = headerOf(request, "host") ?? headerOf(request, ":authority");
    if (isOriginAllowed(origin, host, origins, request)) return undefined;
    return { status: 403, message: `Pages of ${origin} may not read here. Allow them with the option \`origins\`.` };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, route: PostRoute): Promise<void> => {
    const foreign = refuseOrigin(request);
    if (foreign) return writeRefusal(response, foreign);
    if (request.method === "POST") return answerPost(core, route, request, response);
    if (request.method === "OPTIONS") return answerPreflight(request, response);
    if (request.method !== "GET")
      return writeRefusal(response, { status: 405, message: "Only GET and POST are answered." });
    const admitted = await admit(core, request);
    if ("status" in admitted) writeRefusal(response, admitted);
    else openSse(core, request, response, admitted, retryMs);
  };

  const handle = (request: IncomingMessage, response: ServerResponse, next?: () => void): boolean => {
    const route = routeOf(urlOf(request).pathname, path);
    if (!route) {
      next?.();
      return false;
    }
    answer(request, response, route).catch((error: unknown) => {
      // A request that was cut is no news; anything else is our own mistake.
      if (!request.destroyed) core.settings.onError(error, "answering a request");
      response.destroy();
    });
    return true;
  };

  const handleUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): boolean => {
    if (routeOf(urlOf(request).pathname, path) === undefined) return false;
    socket.on("error", () => socket.destroy()); // The other side is gone: its line hears of "close".
    const admitting = async () => {
      const full = core.refusal();
      const refused = refuseOrigin(request) ?? (full ? { status: 503, message: full } : undefined);
      if (refused) return answerUpgrade(socket, refused);
      if (speaksTidewire(request)) return upgrade.tidewire(request, socket, head);
      const admitted = await admit(core, request);
      if ("status" in admitted) answerUpgrade(socket, admitted);
      else if (!socket.destroyed) upgrade.plain(request, socket, head, admitted);
    };
    admitting().catch((error: unknown) => {
      core.settings.onError(error, "answering an upgrade");
      socket.destroy();
    });
    return true;
  };
  return Object.assign(handle, { handleUpgrade });
}

/** Where a path leads; undefined when it is not ours. */
function routeOf(pathname: string, path: string | undefined): PostRoute | undefined {
  if (path === undefined) {
    if (pathname.endsWith("/up")) return "up";
    return pathname.endsWith("/poll") ? "poll" : "stream";
  }
  if (pathname === path) return "stream";
  const below = path === "/" ? "" : path;
  if (pathname === `${below}/up`) return "up";
  return pathname === `${below}/poll` ? "poll" : undefined;
}

/** Lets a plain client in, or says why not. */
async function admit(core: HubCore, request: IncomingMessage): Promise<Admitted | Refusal> {
  const full = core.refusal();
  if (full) return { status: 503, message: full };
  const facts = factsOf(request);
  const asked = parsePlainRequest(
    facts.url.searchParams,
    headerOf(request, "last-event-id"),
    core.settings.maxTopicsPerLine,
  );
  if ("status" in asked) return asked;
  const identity = await core.access.identify(facts);
  if ("code" in identity) return { status: statusOf(identity.code), message: identity.msg };
  for (const topic of asked.topics) {
    const mayRead = await core.access.may(identity.principal, topic, "subscribe");
    if (!mayRead) return { status: 403, message: `You may not read the topic ${JSON.stringify(topic)}.` };
  }
  return { asked, principal: identity.principal };
}

function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  const asked = headerOf(request, "access-control-request-headers");
  response.writeHead(204, {
    ...corsHeaders(request),
    "Access-Control-Allow-Methods": "GET, POST",
    ...(asked ? { "Access-Control-Allow-Headers": asked } : {}),
    "Access-Control-Max-Age": "600",
  });
  response.end();
}
