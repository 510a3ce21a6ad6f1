/** Text or bytes, as a line carries them. */
export type Payload = string | ArrayBuffer | Blob | ArrayBufferView;

/** How values become payloads and back. MessagePack and its kin fit in by passing their two functions. */
export interface Codec<In = unknown, Out = unknown> {
  /** MAY throw: the message is then reported as invalid, and the stream goes on. */
  decode(payload: Payload): In;
  /** MAY throw: `send` then rejects. */
  encode(value: Out): string | ArrayBuffer | Blob | ArrayBufferView<ArrayBuffer>;
}
