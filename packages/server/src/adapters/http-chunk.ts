/**
 * One chunk of HTTP/1.1's chunked transfer coding, ready for the socket: Node writes the same one in three pieces, and for
 * each reader anew.
 */
export function chunkOf(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const { chunk, at } = emptyChunk(length);
  chunk.write(text, at);
  return chunk;
}

/** {@link chunkOf}, of bytes. */
export function frameChunk(bytes: Uint8Array): Buffer {
  const { chunk, at } = emptyChunk(bytes.length);
  chunk.set(bytes, at);
  return chunk;
}

function emptyChunk(length: number): { chunk: Buffer; at: number } {
  const head = `${length.toString(16)}\r\n`;
  const chunk = Buffer.allocUnsafe(head.length + length + 2);
  const at = chunk.write(head, "latin1");
  chunk.write("\r\n", at + length, "latin1");
  return { chunk, at };
}
