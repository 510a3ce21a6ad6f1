import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { SUBPROTOCOL } from "@tidewire/wire";
import { type ServerOptions, WebSocket } from "ws";
import type { HubCore } from "../hub.ts";
import type { Form, Line, LineEvents } from "../line.ts";
import { plainMany, plainSolo } from "../plain/forms.ts";
import { claimTopics, openPlainLine } from "../plain/plain-line.ts";
import { Doorway } from "../session/doorway.ts";
import { tidewireForm } from "../session/tidewire-form.ts";
import { factsOf } from "./node-facts.ts";
import { createHandshakes } from "./node-handshake.ts";
import { CLOSE_TIMEOUT_MS, HIGH_WATER } from "./node-limits.ts";
import { Outflow } from "./node-outflow.ts";
import { DeflatedFrames, type Offer } from "./node-permessage-deflate.ts";
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
export function createUpgrader(core: HubCore, compress: boolean): Upgrader {
  const { maxInboundChars } = core.settings;
  const options: ServerOptions<typeof Peer> = {
    noServer: true,
    WebSocket: Peer,
    clientTracking: false,
    // Between once and twice the limit our own code can be told; beyond that the socket is closed while the frame arrives.
    maxPayload: maxInboundChars * 2,
    autoPong: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  };
  const handshakeOf = createHandshakes(options, compress);
  let lastNumber = 0;

  return {
    plain(request, socket, head, { asked, principal }) {
      const { server, offer } = handshakeOf(request);
      server.handleUpgrade(request, socket, head, (peer) => {
        const topics = claimTopics(core, asked);
        if ("status" in topics) return peer.close(1013, topics.message);
        lastNumber += 1;
        const form = asked.topics.length === 1 ? SOLO : MANY;
        const from = { line: `websocket-${lastNumber}`, transport: "websocket", principal };
        const line = new WebsocketLine(peer, socket, offer);
        line.attach(openPlainLine(core, line, { topics, request: asked, form, from }));
      });
    },
    tidewire(request, socket, head) {
      const { server, offer } = handshakeOf(request);
      server.handleUpgrade(request, socket, head, (peer) => {
        const line = new WebsocketLine(peer, socket, offer);
        line.attach(new Doorway(core, { line, form: TIDEWIRE, transport: "websocket" }, factsOf(request)));
      });
    },
  };
}

/** A peer that tells its line what happens, instead of listeners that each peer would have to keep. */
class Peer extends WebSocket {
  line: WebsocketLine | undefined;

  override emit(event: string | symbol, ...given: unknown[]): boolean {
    if (this.line) tell(this.line, event, given);
    // The peer broke the protocol and was sent a close; "close" tells the hub.
    if (event === "error") cutLater(this);
    return event !== "error" && super.emit(event, ...given);
  }
}

function tell(line: WebsocketLine, event: string | symbol, [data, isBinary]: readonly unknown[]): void {
  if (event === "message" && isBinary) line.close(4400, "text messages only");
  else if (event === "message") line.received((data as Buffer).toString());
  else if (event === "ping") line.pinged(data as Buffer);
  else if (event === "pong") line.seen();
  else if (event === "close") line.closed();
}

/** A WebSocket as a line. Ready-made frames go straight to its socket. */
class WebsocketLine implements Line {
  readonly #peer: Peer;
  readonly #socket: Duplex;
  readonly #outflow: Outflow;
  readonly #deflated: DeflatedFrames | undefined;
  #silentBeats = 0;
  #inHand = 0;

  constructor(peer: Peer, socket: Duplex, offer: Offer) {
    this.#deflated = offer === "none" ? undefined : new DeflatedFrames(offer);
    this.#peer = peer;
    this.#socket = socket;
    this.#outflow = new Outflow(socket);
  }

  write(bytes: Uint8Array): boolean {
    return this.#peer.readyState === WebSocket.OPEN && this.#outflow.write(this.#deflated?.pack(bytes) ?? bytes);
  }

  beat(): void {
    const peer = this.#peer;
    if (this.#inHand === 0) this.#silentBeats += 1;
    if (this.#silentBeats > DEAD_AFTER_BEATS) peer.terminate();
    else if (this.#silentBeats > 1 && peer.readyState === WebSocket.OPEN) peer.ping();
  }

  close(code: number, reason: string): void {
    this.#peer.close(code, reason);
    cutLater(this.#peer);
  }

  attach(events: LineEvents): void {
    this.#outflow.events = events;
    this.#peer.line = this;
  }

  /** A sign of life. */
  seen(): void {
    this.#silentBeats = 0;
  }

  received(text: string): void {
    this.seen();
    const events = this.#outflow.events;
    if (!events) return;
    this.#inHand += 1;
    this.#peer.pause(); // Reads no further while messages are handled.
    void events.received(text).then(() => {
      this.#inHand -= 1;
      this.seen();
      if (this.#inHand === 0) this.#peer.resume();
    });
  }

  pinged(data: Buffer): void {
    this.seen();
    // A flood of pings from a peer that reads no pongs must not pile up here.
    if (this.#socket.writableLength <= HIGH_WATER) this.#peer.pong(data);
  }

  closed(): void {
    this.#outflow.events?.closed();
  }
}

/** A peer that does not answer a close in time is cut off. */
function cutLater(peer: WebSocket): void {
  const timer = setTimeout(() => peer.terminate(), CLOSE_TIMEOUT_MS);
  peer.once("close", () => clearTimeout(timer));
}
