/** One final WebSocket frame as a client sends it: masked, here by zeros, so that the payload stays as it is. */
export function clientFrame(opcode: number, payload: Uint8Array, isFinal = true): Buffer {
  const { length } = payload;
  const head = [(isFinal ? 0x80 : 0) | opcode];
  if (length < 126) head.push(0x80 | length);
  else if (length < 65_536) head.push(0x80 | 126, length >> 8, length & 255);
  else throw new RangeError("Larger frames are not needed here.");
  return Buffer.concat([Buffer.from(head), Buffer.alloc(4), payload]);
}
