import { messages } from "./messages.ts";

/** About what one `write` holds. */
const BLOCK_BYTES = 65_536;

/** Event-stream text in HTTP chunks of `perChunk` events each, joined into few writes. */
export function sseBlocks(size: number, perChunk: number): Buffer[] {
  const events = messages(size).map((message) => `data: ${message}\n\n`);
  const chunks: Buffer[] = [];
  for (let at = 0; at < events.length; at += perChunk) {
    const text = events.slice(at, at + perChunk).join("");
    chunks.push(Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`));
  }
  return joined(chunks);
}

/** One WebSocket text frame for each message, joined into few writes. */
export function webSocketBlocks(size: number): Buffer[] {
  const frames = messages(size).map((message) => {
    const payload = Buffer.from(message);
    const head = payload.length < 126 ? [0x81, payload.length] : [0x81, 126, payload.length >> 8, payload.length & 255];
    return Buffer.concat([Buffer.from(head), payload]);
  });
  return joined(frames);
}

function joined(parts: readonly Buffer[]): Buffer[] {
  const blocks: Buffer[] = [];
  let block: Buffer[] = [];
  let bytes = 0;
  for (const part of parts) {
    block.push(part);
    bytes += part.length;
    if (bytes < BLOCK_BYTES) continue;
    blocks.push(Buffer.concat(block));
    block = [];
    bytes = 0;
  }
  if (block.length > 0) blocks.push(Buffer.concat(block));
  return blocks;
}
