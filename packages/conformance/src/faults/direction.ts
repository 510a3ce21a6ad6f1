import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Gate } from "./gate.ts";
import { socketTurn } from "./turn.ts";

/** How one way of a connection is spoiled. Every field may change while bytes flow. */
export interface Spoil {
  /** Milliseconds that each chunk waits. Default 0. */
  latencyMs: number;
  /** Bytes a second; 0 is no limit. Default 0. */
  bytesPerSecond: number;
  /** The largest piece that is handed on at once, so that nothing arrives as it was written; 0 leaves chunks whole. Default 0. */
  sliceBytes: number;
  /** Nothing is handed on until so many bytes are there, or the sender ended: a proxy that buffers. Default 0. */
  holdBytes: number;
}

async function handOn(chunk: Buffer, to: Socket, spoil: Spoil, gate: Gate): Promise<void> {
  if (spoil.latencyMs > 0) await pause(spoil.latencyMs);
  const step = spoil.sliceBytes || chunk.length;
  for (let at = 0; at < chunk.length; at += step) {
    const piece = chunk.subarray(at, at + step);
    if (spoil.bytesPerSecond > 0) await pause((piece.length / spoil.bytesPerSecond) * 1000);
    await gate.passed();
    if (to.destroyed) return;
    if (!to.write(piece)) await once(to, "drain");
    if (step < chunk.length) await socketTurn();
  }
}

/** Carries one way of a connection until its sender ends it, and then ends it on the other side too. */
export async function carry(from: Socket, to: Socket, spoil: Spoil, gate: Gate): Promise<void> {
  try {
    let held: Buffer = Buffer.alloc(0);
    for await (const chunk of from as AsyncIterable<Buffer>) {
      held = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
      if (held.length < spoil.holdBytes) continue;
      const whole = held;
      held = Buffer.alloc(0);
      await handOn(whole, to, spoil, gate);
    }
    if (held.length > 0) await handOn(held, to, spoil, gate);
    await gate.passed();
    if (!to.destroyed) to.end();
  } catch {
    to.destroy(); // the sender was reset, or the receiver went while we waited for it: both ends of this way are over
  }
}
