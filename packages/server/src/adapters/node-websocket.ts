import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { SUBPROTOCOL } from "@tidewire/wire";
import { type WebSocket, WebSocketServer } from "ws";
import type { HubCore } from "../hub.ts";
import type { Form, Line, LineEvents } from "../line.ts";
import { plainMany, plainSolo } from "../plain/forms.ts";
import { claimTopics, openPlainLine } from "../plain/plain-line.ts";
import { Doorway } from "../session/doorway.ts";
import { tidewireForm } from "../session/tidewire-form.ts";
import { factsOf } from "./node-facts.ts";
import { CLOSE_TIMEOUT_MS, HIGH_WATER } from "./node-limits.ts";
import type { PlainReader } from "./node-sse.ts";
import { frameTexts, mergeFrames } from "./websocket-frame.ts";

/** Half periods without a sign of life after which a peer is dead. */
const DEAD_AFTER_BEATS = 5;
const FRAMING = { seal: frameTexts, join: (sealed: readonly Uint8Array[]) => Buffer.concat(sealed) };
const SOLO: Form = plainSolo("node websocket", FRAMING);
const MANY: Form = plainMany("node websocket, many", FRAMING);
const TIDEWIRE: Form = tidewireForm("node websocket, tidewire", {
  seal: (frames) => frameTexts([frames.join("\n")]),
  join: mergeFrames,
});

/** Upgrades requests that were found to be in order. */
export interface Upgrader {
  plain(request: IncomingMessage, socket: Duplex, head: Buffer, reader: PlainReader): void;
  tidewire(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** True when the client offers the protocol. */
export function speaksTidewire(request: IncomingMessage): boolean {
  const offered = request.headers["sec-websocket-protocol"]?.split(",") ?? [];
  return offered.some((protocol) => protocol.trim() === SUBPROTOCOL);
}

/** Makes the upgrader of one hub. */
export function createUpgrader(core: HubCore): Upgrader {
  const { maxInboundChars } = core.settings;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    // Between once and twice the limit our own code can be told; beyond that the socket is closed while the frame arrives.
    maxPayload: maxInboundChars * 2,
    autoPong: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  let lastNumber = 0;

  return {
    plain(request, socket, head, { asked, principal }) {
      server.handleUpgrade(request, socket, head, (peer) => {
        const topics = claimTopics(core, asked);
        if ("status" in topics) return peer.close(1013, topics.message);
        lastNumber += 1;
        const form = asked.topics.length === 1 ? SOLO : MANY;
        const from = { line: `websocket-${lastNumber}`, transport: "websocket", principal };
        const line = websocketLine(peer, socket);
        line.attach(openPlainLine(core, line, { topics, request: asked, form, from }));
      });
    },
    tidewire(request, socket, head) {
      server.handleUpgrade(request, socket, head, (peer) => {
        const line = websocketLine(peer, socket);
        line.attach(new Doorway(core, { line, form: TIDEWIRE, transport: "websocket" }, factsOf(request)));
      });
    },
  };
}

/** A WebSocket as a line. Ready-made frames go straight to its socket. */
function websocketLine(peer: WebSocket, socket: Duplex): Line & { attach(events: LineEvents): void } {
  let events: LineEvents | undefined;
  let isFull = false;
  let silentBeats = 0;
  let inHand = 0;
  const flushed = () => {
    if (!isFull || socket.writableLength > HIGH_WATER) return;
    isFull = false;
    events?.ready();
  };
  const seen = () => {
    silentBeats = 0;
  };
  return {
    write(bytes) {
      if (peer.readyState !== peer.OPEN) return false;
      socket.write(bytes, flushed);
      isFull = socket.writableLength > HIGH_WATER;
      return !isFull;
    },
    beat() {
      if (inHand === 0) silentBeats += 1;
      if (silentBeats > DEAD_AFTER_BEATS) peer.terminate();
      else if (silentBeats > 1 && peer.readyState === peer.OPEN) peer.ping();
    },
    close(code, reason) {
      peer.close(code, reason);
      cutLater(peer);
    },
    attach(given) {
      events = given;
      peer.on("message", (data, isBinary) => {
        seen();
        if (isBinary) return this.close(4400, "text messages only");
        inHand += 1;
        peer.pause(); // Reads no further while messages are handled.
        void given.received(data.toString()).then(() => {
          inHand -= 1;
          seen();
          if (inHand === 0) peer.resume();
        });
      });
      peer.on("pong", seen);
      peer.on("ping", (data) => {
        seen();
        // A flood of pings from a peer that reads no pongs must not pile up here.
        if (socket.writableLength <= HIGH_WATER) peer.pong(data);
      });
      peer.on("error", () => cutLater(peer)); // The peer broke the protocol and was sent a close; "close" tells the hub.
      peer.on("close", () => given.closed());
    },
  };
}

/** A peer that does not answer a close in time is cut off. */
function cutLater(peer: WebSocket): void {
  const timer = setTimeout(() => peer.terminate(), CLOSE_TIMEOUT_MS);
  peer.once("close", () => clearTimeout(timer));
}
