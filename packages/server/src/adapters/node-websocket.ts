import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { SUBPROTOCOL } from "@tidewire/wire";
import type { HubCore } from "../hub.ts";
import type { Form } from "../line.ts";
import { plainMany, plainSolo } from "../plain/forms.ts";
import { claimTopics, openPlainLine } from "../plain/plain-line.ts";
import { Doorway } from "../session/doorway.ts";
import { tidewireForm } from "../session/tidewire-form.ts";
import { factsOf } from "./node-facts.ts";
import type { FrameLimits } from "./node-frame-reader.ts";
import { shakeHands } from "./node-handshake.ts";
import { answerTo, DeflatedFrames, offerOf } from "./node-permessage-deflate.ts";
import type { PlainReader } from "./node-sse.ts";
import { WebsocketLine } from "./node-websocket-line.ts";
import { frameTexts, mergeFrames } from "./websocket-frame.ts";

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
  // Between once and twice the limit our own code can be told; beyond that the socket is closed while the frame arrives.
  const maxBytes = core.settings.maxInboundChars * 2;
  const whole: FrameLimits = { maxBytes, inflates: false };
  const packed: FrameLimits = { maxBytes, inflates: true };
  let lastNumber = 0;

  const open = (request: IncomingMessage, socket: Duplex, head: Buffer, protocol?: string) => {
    const offer = compress ? offerOf(request) : "none";
    if (!shakeHands(request, socket, { protocol, extensions: answerTo(offer) })) return undefined;
    if (offer === "none") return new WebsocketLine(socket, head, whole, undefined);
    return new WebsocketLine(socket, head, packed, new DeflatedFrames(offer));
  };

  return {
    plain(request, socket, head, { asked, principal, address }) {
      const line = open(request, socket, head);
      if (!line) return;
      const topics = claimTopics(core, asked);
      if ("status" in topics) return line.close(1013, topics.message);
      lastNumber += 1;
      const form = asked.topics.length === 1 ? SOLO : MANY;
      const from = { line: `websocket-${lastNumber}`, transport: "websocket", principal };
      line.attach(openPlainLine(core, line, { topics, request: asked, form, from, address }));
    },
    tidewire(request, socket, head) {
      const line = open(request, socket, head, SUBPROTOCOL);
      line?.attach(new Doorway(core, { line, form: TIDEWIRE, transport: "websocket" }, factsOf(request)));
    },
  };
}
