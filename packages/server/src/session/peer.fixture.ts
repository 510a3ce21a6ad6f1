import { once } from "node:events";
import { decodeDown, type HelloFrame, SUBPROTOCOL, type UpFrame } from "@tidewire/wire";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";

/** A frame from the hub, of whatever kind: tests look into all of them. */
// biome-ignore lint/suspicious/noExplicitAny: a union would make every look a cast
export type AnyFrame = any;

/** A WebSocket that speaks the protocol, frame by frame. */
export interface TidewirePeer {
  readonly peer: WebSocket;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** How many WebSocket messages came. */
  readonly batches: number;
  send(...frames: readonly (UpFrame | string)[]): void;
  hello(hello?: Partial<HelloFrame>): void;
  /** Waits for the next frame. */
  next(): Promise<AnyFrame>;
  /** Waits for the first frame that fits, and drops those before it. */
  find(fits: (frame: AnyFrame) => boolean): Promise<AnyFrame>;
  /** Waits for the next `count` messages, and gives their data. */
  data(count: number): Promise<unknown[]>;
}

/** Opens a WebSocket that speaks the protocol. */
export async function dialTidewire(
  url: string,
  headers: Record<string, string> = {},
  perMessageDeflate = false,
): Promise<TidewirePeer> {
  const peer = new WebSocket(url, SUBPROTOCOL, { headers, perMessageDeflate });
  onTestFinished(() => peer.terminate());
  const frames: AnyFrame[] = [];
  let batches = 0;
  let wake: () => void = () => {};
  peer.on("message", (data) => {
    batches += 1;
    const decoded = decodeDown(String(data));
    if (!decoded) throw new Error(`not a batch: ${data}`);
    frames.push(...decoded);
    wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    peer.on("close", (code, reason) => {
      resolve({ code, reason: String(reason) });
      wake();
    });
  });
  await once(peer, "open");
  const next = async (): Promise<AnyFrame> => {
    while (frames.length === 0) {
      if (peer.readyState === peer.CLOSED) throw new Error("closed");
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return frames.shift();
  };
  const find = async (fits: (frame: AnyFrame) => boolean): Promise<AnyFrame> => {
    for (;;) {
      const frame = await next();
      if (fits(frame)) return frame;
    }
  };
  return {
    peer,
    closed,
    get batches() {
      return batches;
    },
    send: (...sent) =>
      peer.send(sent.map((frame) => (typeof frame === "string" ? frame : JSON.stringify(frame))).join("\n")),
    hello: (hello = {}) => peer.send(JSON.stringify({ k: "hello", v: 1, gen: 1, subs: [], ...hello })),
    next,
    find,
    async data(count) {
      const found: unknown[] = [];
      while (found.length < count) found.push((await find(Array.isArray))[3]);
      return found;
    },
  };
}

/** Lets a peer answer pings, as a living client does. */
export function answerPings({ peer, send }: TidewirePeer): void {
  peer.on("message", (data) => {
    if (String(data).includes('{"k":"ping"')) send({ k: "pong", ts: 1 });
  });
}
