const TEXT = 0x81;

/**
 * Frames texts as WebSocket messages from the server's side: unmasked, unfragmented, one after the other in one buffer, so
 * that one write serves any number of messages and one buffer any number of lines.
 */
export function frameTexts(texts: readonly string[]): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const buffer = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + headLength(length) + length, 0));
  let at = 0;
  for (const [index, text] of texts.entries()) {
    const length = lengths[index] as number;
    buffer[at] = TEXT;
    if (length < 126) {
      buffer[at + 1] = length;
    } else if (length < 65_536) {
      buffer[at + 1] = 126;
      buffer.writeUInt16BE(length, at + 2);
    } else {
      buffer[at + 1] = 127;
      buffer.writeBigUInt64BE(BigInt(length), at + 2);
    }
    at += headLength(length);
    at += buffer.write(text, at);
  }
  return buffer;
}

/** One text message of several frames that {@link frameTexts} gave: their texts, joined by line feeds. */
export function mergeFrames(frames: readonly Uint8Array[]): Buffer {
  const texts = frames.map((frame) =>
    Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString("utf8", headOf(frame)),
  );
  return frameTexts([texts.join("\n")]);
}

function headOf(frame: Uint8Array): number {
  const length = frame[1] as number;
  if (length < 126) return 2;
  return length === 126 ? 4 : 10;
}

function headLength(length: number): number {
  if (length < 126) return 2;
  return length < 65_536 ? 4 : 10;
}
