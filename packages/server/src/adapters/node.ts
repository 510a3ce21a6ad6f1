import type { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Duplex } from "node:stream";
import { optionInvalid } from "@tidewire/wire";
import type { Awaitable } from "../engine.ts";
import { admit, refuseOrigin } from "../http/admit.ts";
import { preflightHeaders } from "../http/headers.ts";
import { type Route, routeOf } from "../http/route.ts";
import type { Hub, HubCore } from "../hub.ts";
import { atLeast } from "../options.ts";
import type { Origins } from "../plain/origin.ts";
import type { Refusal } from "../plain/request.ts";
import { followedBy } from "../settled.ts";
import { type Addresses, createAddresses } from "./node-addresses.ts";
import { factsOf, headerOf, pathOf, sayAddress } from "./node-facts.ts";
import { asHttp1 } from "./node-http2.ts";
import { answerPost } from "./node-post.ts";
import { answerUpgrade, corsHeaders, writeRefusal } from "./node-refusal.ts";
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
  /** The most open lines of one address (of one /64 with IPv6); more are refused with 429. Default: no limit. */
  readonly maxLinesPerAddress?: number | undefined;
  /** The client's address, for `maxLinesPerAddress` and `sessionsPerAddress`, where a proxy of yours stands in front. Default: the socket's. */
  readonly addressOf?: ((request: IncomingMessage) => string | undefined) | undefined;
  /**
   * Compresses for clients that take it: event streams by gzip, WebSockets by permessage-deflate, each message once for all
   * its readers, and unpacks what they send, up to `maxInboundChars`. Who can put text of their own beside a secret, and see
   * how long the sum is, can guess the secret: leave it off for such topics. Default false.
   */
  readonly compress?: boolean | undefined;
}

/** A request of Node's `http` or `http2`. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;

/** Answers requests of Node's `http` and `http2`. */
export interface NodeHandler {
  /** Gives false for another path than `path`, having touched nothing; calls `next` then, where there is one. */
  (request: NodeRequest, response: ServerResponse | Http2ServerResponse, next?: () => void): boolean;
  /** For the server's "upgrade" event. Gives false for another path, having touched nothing. */
  readonly handleUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
}

/** What one handler answers with. */
interface Desk {
  readonly core: HubCore;
  readonly origins: Origins<IncomingMessage>;
  readonly retryMs: number;
  readonly compress: boolean;
  readonly addresses: Addresses | undefined;
  /** Notes where a request came from. MAY throw what the application's `addressOf` throws. */
  name(request: IncomingMessage): void;
}

/** Makes the hub answer Tidewire, EventSource and WebSocket clients on a Node server. */
export function toNodeHandler(hub: Hub, options: NodeHandlerOptions = {}): NodeHandler {
  const { path, origins = [], retryMs = 1000, maxLinesPerAddress, addressOf, compress = false } = options;
  if (path !== undefined && !path.startsWith("/")) throw optionInvalid(`\`path\` begins with a slash, got ${path}.`);
  const { core } = hub;
  const most = maxLinesPerAddress && atLeast(1, "maxLinesPerAddress", maxLinesPerAddress);
  const addresses = most === undefined ? undefined : createAddresses(most);
  const name = (request: IncomingMessage): void => {
    const address = addressOf?.(request);
    if (address !== undefined) sayAddress(request, address);
  };
  const desk: Desk = { core, origins, retryMs, compress, addresses, name };
  const answerUpgrades = createUpgrades(desk);

  const handle: NodeHandler = Object.assign(
    (given: NodeRequest, answered: ServerResponse | Http2ServerResponse, next?: () => void): boolean => {
      const [request, response] = asHttp1(given, answered);
      const route = routeOf(pathOf(request), path);
      if (!route) {
        next?.();
        return false;
      }
      answer(desk, request, response, route).catch((error: unknown) => {
        // A request that was cut is no news; anything else is our own mistake.
        if (!request.destroyed) core.settings.onError(error, "answering a request");
        response.destroy();
      });
      return true;
    },
    {
      handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
        if (routeOf(pathOf(request), path) === undefined) return false;
        answerUpgrades(request, socket, head);
        return true;
      },
    },
  );
  return handle;
}

/** Why this request is not answered, whatever it asks for. */
function refusalOf({ core, origins }: Desk, request: IncomingMessage): Refusal | undefined {
  const host = headerOf(request, "host") ?? headerOf(request, ":authority");
  const refusal = refuseOrigin((name) => headerOf(request, name), host, origins, request);
  if (refusal) core.gauges.refused(refusal.status, refusal.message);
  return refusal;
}

/** Why there cannot be one more line. */
function fullOf({ gauges, refusal }: HubCore): Refusal | undefined {
  const message = refusal();
  if (message === undefined) return undefined;
  gauges.refused(503, message);
  return { status: 503, message };
}

/** Why there cannot be one more line from this address. */
function crowdOf({ core, addresses }: Desk, request: IncomingMessage, carrier: EventEmitter): Refusal | undefined {
  const refusal = addresses?.enter(request, carrier);
  if (refusal) core.gauges.refused(refusal.status, refusal.message);
  return refusal;
}

async function answer(desk: Desk, request: IncomingMessage, response: ServerResponse, route: Route): Promise<void> {
  const { core, compress } = desk;
  desk.name(request);
  const foreign = refusalOf(desk, request);
  if (foreign) return writeRefusal(response, foreign);
  if (request.method === "OPTIONS") return answerPreflight(request, response);
  const crowded = route === "up" ? undefined : crowdOf(desk, request, response);
  if (crowded) return writeRefusal(response, crowded, corsHeaders(request));
  if (request.method === "POST") {
    hurry(request, core.settings.helloTimeoutMs);
    return answerPost(core, route, request, response, compress);
  }
  if (request.method !== "GET") {
    return writeRefusal(response, { status: 405, message: "Only GET and POST are answered." }, corsHeaders(request));
  }
  const admitted = await admit(core, factsOf(request));
  if ("status" in admitted) writeRefusal(response, admitted, corsHeaders(request));
  else openSse(core, request, response, admitted, desk);
}

/** Makes what answers upgrades that are for the hub. */
function createUpgrades(desk: Desk): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const { core, compress } = desk;
  const upgrade = createUpgrader(core, compress);
  const admitUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): Awaitable<void> => {
    desk.name(request);
    const refused = refusalOf(desk, request) ?? fullOf(core) ?? crowdOf(desk, request, socket);
    if (refused) return answerUpgrade(socket, refused);
    if (speaksTidewire(request)) return upgrade.tidewire(request, socket, head);
    return followedBy(admit(core, factsOf(request)), (admitted) => {
      if ("status" in admitted) answerUpgrade(socket, admitted);
      else if (!socket.destroyed) upgrade.plain(request, socket, head, admitted);
    });
  };
  return (request, socket, head) => {
    const failed = (error: unknown) => {
      core.settings.onError(error, "answering an upgrade");
      socket.destroy();
    };
    socket.on("error", destroy);
    try {
      const answered = admitUpgrade(request, socket, head);
      if (answered instanceof Promise) answered.catch(failed);
    } catch (error) {
      failed(error);
    }
  };
}

/** The other side is gone: its line hears of "close". Not a closure, which would keep the request as long as its line. */
function destroy(this: Duplex): void {
  this.destroy();
}

/** A body takes no longer than a hello may. */
function hurry(request: IncomingMessage, ms: number): void {
  const timer = setTimeout(() => request.destroy(), ms);
  request.once("close", () => clearTimeout(timer)); // Read to its end, or cut.
}

function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  const asked = headerOf(request, "access-control-request-headers");
  response.writeHead(204, { ...corsHeaders(request), ...preflightHeaders(asked) });
  response.end();
}
