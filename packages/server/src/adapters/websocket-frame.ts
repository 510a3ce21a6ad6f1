/** The kinds of frames. */
export const TEXT = 1;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** The longest payload of a frame that is no message. */
export const LONGEST_CONTROL = 125;

const FINAL = 0x80;
const DEFLATED = 0x40;
const LINE_FEED = 0x0a;

/**
 * Frames texts as WebSocket messages from the server's side: unmasked, unfragmented, one after the other in one buffer, so
 * that one write serves any number of messages and one buffer any number of lines.
 */
export function frameTexts(texts: readonly string[]): Buffer {
  let size = 0;
  for (const text of texts) {
    const length = Buffer.byteLength(text);
    size += headLength(length) + length;
  }
  const buffer = Buffer.allocUnsafe(size);
  let at = 0;
  for (const text of texts) {
    at = writeHead(buffer, at, Buffer.byteLength(text));
    at += buffer.write(text, at);
  }
  return buffer;
}

/** One text message of several frames that {@link frameTexts} gave: their texts, joined by line feeds. */
export function mergeFrames(frames: readonly Uint8Array[]): Buffer {
  const texts = frames.map((frame) => frame.subarray(headOf(frame)));
  const length = texts.reduce((sum, text) => sum + text.length, texts.length - 1);
  const buffer = Buffer.allocUnsafe(headLength(length) + length);
  let at = writeHead(buffer, 0, length);
  let isFirst = true;
  for (const text of texts) {
    if (!isFirst) buffer[at++] = LINE_FEED;
    isFirst = false;
    buffer.set(text, at);
    at += text.length;
  }
  return buffer;
}

/** The texts, as bytes, of what {@link frameTexts} or {@link mergeFrames} gave. */
export function payloadsOf(frames: Uint8Array): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  let rest = frames;
  while (rest.length > 0) {
    const start = headOf(rest);
    const end = start + lengthOf(rest);
    payloads.push(rest.subarray(start, end));
    rest = rest.subarray(end);
  }
  return payloads;
}

/** Frames messages of which some are compressed by permessage-deflate. */
export function frameDeflated(
  messages: readonly { readonly payload: Uint8Array; readonly isDeflated: boolean }[],
): Buffer {
  const buffer = Buffer.allocUnsafe(
    messages.reduce((sum, { payload: { length } }) => sum + headLength(length) + length, 0),
  );
  let at = 0;
  for (const { payload, isDeflated } of messages) {
    const start = at;
    at = writeHead(buffer, start, payload.length);
    if (isDeflated) buffer[start] = FINAL | DEFLATED | TEXT;
    buffer.set(payload, at);
    at += payload.length;
  }
  return buffer;
}

/** Frames a ping, a pong or a close. Its payload has at most {@link LONGEST_CONTROL} bytes. */
export function frameControl(opcode: number, payload: Uint8Array): Buffer {
  const buffer = Buffer.allocUnsafe(2 + payload.length);
  buffer[0] = FINAL | opcode;
  buffer[1] = payload.length;
  buffer.set(payload, 2);
  return buffer;
}

/** What a close says: a code, and as much of the reason as fits. */
export function closePayload(code: number, reason: string): Buffer {
  const payload = Buffer.alloc(Math.min(2 + Buffer.byteLength(reason), LONGEST_CONTROL));
  payload.writeUInt16BE(code);
  return payload.subarray(0, 2 + payload.write(reason, 2)); // never half a character
}

/** Writes the head of a frame; gives where its text goes. */
function writeHead(buffer: Buffer, at: number, length: number): number {
  buffer[at] = FINAL | TEXT;
  if (length < 126) {
    buffer[at + 1] = length;
  } else if (length < 65_536) {
    buffer[at + 1] = 126;
    buffer.writeUInt16BE(length, at + 2);
  } else {
    buffer[at + 1] = 127;
    buffer.writeBigUInt64BE(BigInt(length), at + 2);
  }
  return at + headLength(length);
}

function headOf(frame: Uint8Array): number {
  const length = frame[1] as number;
  if (length < 126) return 2;
  return length === 126 ? 4 : 10;
}

/** How long the text of the first frame is. */
function lengthOf(frames: Uint8Array): number {
  const length = frames[1] as number;
  if (length < 126) return length;
  const view = new DataView(frames.buffer, frames.byteOffset, frames.byteLength);
  return length === 126 ? view.getUint16(2) : Number(view.getBigUint64(2));
}

function headLength(length: number): number {
  if (length < 126) return 2;
  return length < 65_536 ? 4 : 10;
}
