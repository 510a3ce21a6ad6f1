import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { clientFrame } from "../hubs/client-frame.ts";
import { wires } from "../hubs/wires.ts";

const TEXT = 0x1;
const MORE_THAN_A_FRAME = 60_000;

/** A connection that may do as it likes. */
export class Peer {
  readonly socket: Socket;
  isClosed = false;
  sent = 0;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => {}); // "close" follows
    socket.on("close", () => {
      this.isClosed = true;
    });
  }

  /** Sends a request as it is; waits for nothing. */
  static async dial(port: number, request: string | Buffer): Promise<Peer> {
    const peer = new Peer(connect(port, "127.0.0.1"));
    await once(peer.socket, "connect");
    peer.socket.write(request);
    return peer;
  }

  /** A WebSocket that speaks the protocol, and has said nothing yet. */
  static async upgrade(port: number): Promise<Peer> {
    const peer = await Peer.dial(port, wires["tidewire-ws"].request(undefined));
    await once(peer.socket, "data");
    peer.socket.resume();
    return peer;
  }

  /** Says frames of the protocol, as few messages as the hub's limit allows. */
  say(frames: readonly object[]): void {
    let batch = "";
    for (const frame of frames) {
      const text = JSON.stringify(frame);
      if (batch.length + text.length > MORE_THAN_A_FRAME) {
        this.socket.write(clientFrame(TEXT, Buffer.from(batch)));
        batch = "";
      }
      batch += batch === "" ? text : `\n${text}`;
    }
    this.socket.write(clientFrame(TEXT, Buffer.from(batch)));
  }

  /** Calls for each time that what comes down says this. */
  hear(words: string, heard: () => void): void {
    let text = "";
    this.socket.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
      const parts = text.split(words);
      for (let times = 1; times < parts.length; times += 1) heard();
      text = (parts.at(-1) ?? "").slice(-words.length);
    });
  }

  /** Writes the same bytes again and again, as fast as they are taken, until it was cut off or had enough. */
  async flood(bytes: Buffer, forMs: number, mostBytes = Number.POSITIVE_INFINITY): Promise<void> {
    const end = performance.now() + forMs;
    while (!this.isClosed && performance.now() < end && this.sent < mostBytes) {
      this.sent += bytes.length;
      this.socket.write(bytes);
      do await pause(5);
      while (this.socket.writableNeedDrain && !this.isClosed && performance.now() < end);
    }
  }

  hangUp(): void {
    this.socket.resetAndDestroy();
  }
}
