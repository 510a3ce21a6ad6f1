import { connect, type Socket } from "node:net";
import { MARK } from "./messages.ts";
import type { Wire } from "./wires.ts";

/** What one reader tells. */
export interface ReaderEvents {
  ready(): void;
  /** So many more messages came, in these bytes. */
  messages(count: number, bytes: Buffer): void;
  closed(): void;
}

const MARK_BYTES = Buffer.from(MARK);
const END_OF_HEAD = "\r\n\r\n";
/** All readers of a process read into the same bytes, one after the other. */
const SHARED = Buffer.allocUnsafe(65_536);

/** Dials, and then only counts: as cheap as a reader can be. */
export function read(port: number, wire: Wire, cursor: string | undefined, events: ReaderEvents): Socket {
  let opening = "";
  let isHeadRead = false;
  let isReady = false;
  let matched = 0;

  const open = (bytes: Buffer) => {
    opening += bytes.toString("latin1");
    if (!isHeadRead && opening.includes(END_OF_HEAD)) {
      if (!/^HTTP\/1\.1 (101|200) /.test(opening)) throw new Error(`Refused: ${opening}`);
      isHeadRead = true;
      if (wire.afterHead) socket.write(wire.afterHead(cursor));
    }
    if (!opening.includes(wire.isReady)) return;
    isReady = true;
    opening = "";
    events.ready();
  };

  const socket = connect({
    port,
    host: "127.0.0.1",
    noDelay: true,
    onread: {
      buffer: SHARED,
      callback(length) {
        const bytes = SHARED.subarray(0, length);
        if (!isReady) open(bytes);
        const found = count(bytes, matched);
        matched = found.matched;
        if (found.count > 0) events.messages(found.count, bytes);
        return true;
      },
    },
  });
  socket.on("error", () => {}); // "close" follows
  socket.on("close", () => events.closed());
  socket.write(wire.request(cursor));
  return socket;
}

/** How many marks end in these bytes, when `matched` bytes of one came before them. */
function count(bytes: Buffer, matched: number): { readonly count: number; readonly matched: number } {
  let total = 0;
  let at = 0;
  if (matched > 0 && startsWith(bytes, matched)) {
    total = 1;
    at = MARK_BYTES.length - matched;
  }
  for (;;) {
    const next = bytes.indexOf(MARK_BYTES, at);
    if (next < 0) return { count: total, matched: beginning(bytes) };
    total += 1;
    at = next + MARK_BYTES.length;
  }
}

function startsWith(bytes: Buffer, matched: number): boolean {
  const rest = MARK_BYTES.length - matched;
  return bytes.length >= rest && MARK_BYTES.compare(bytes, 0, rest, matched) === 0;
}

/** How many bytes of a mark stand at the end. */
function beginning(bytes: Buffer): number {
  for (let length = Math.min(MARK_BYTES.length - 1, bytes.length); length > 0; length -= 1) {
    if (bytes.compare(MARK_BYTES, 0, length, bytes.length - length) === 0) return length;
  }
  return 0;
}
