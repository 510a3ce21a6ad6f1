import { type Codec, json, type Payload, TidewireError } from "@tidewire/wire";
import { systemClock } from "../connection/clock.ts";
import { Connection } from "../connection/connection.ts";
import type { ConnectionOptions } from "../connection/options.ts";
import { isAtRest, type Status } from "../connection/status.ts";
import type { Transport } from "../transport/transport.ts";
import type { Uplink, UplinkOptions } from "../transport/uplink.ts";
import { type Reader, Readers } from "./readers.ts";
import { type Schema, validate } from "./schema.ts";

/** How one endpoint is kept and understood. */
export interface LiveOptions<In = unknown, Out = unknown> extends ConnectionOptions, UplinkOptions {
  /** How payloads become values and back. Default: JSON. */
  readonly codec?: Codec<unknown, unknown> | undefined;
  /** Checks and types what comes down: any Standard Schema (zod, valibot, arktype, …). */
  readonly schema?: Schema<unknown, In> | undefined;
  /** Checks what goes up. */
  readonly sendSchema?: Schema<unknown, Out> | undefined;
  /**
   * What becomes of a message that cannot be decoded or does not fit: left out ("drop", default), the end of the
   * stream ("error"), or handed on undecoded ("raw"). It is reported to `onError` in each case.
   */
  readonly onInvalid?: "drop" | "error" | "raw" | undefined;
  /** Told of each error that the stream survives. Default: the console. */
  readonly onError?: ((error: TidewireError) => void) | undefined;
  /** How long the connection lives on after its last reader, in milliseconds. Default 1000. */
  readonly lingerMs?: number | undefined;
}

/** One endpoint while it is read: one connection, each message decoded once, handed to all readers. */
export class Live<In = unknown, Out = unknown> {
  readonly #options: LiveOptions<In, Out>;
  readonly #connection: Connection;
  readonly #uplink: Uplink | undefined;
  readonly #codec: Codec<unknown, unknown>;
  readonly #readers: Readers<In>;
  readonly #statusListeners = new Set<(status: Status) => void>();

  constructor(transport: Transport, options: LiveOptions<In, Out>) {
    const { clock = systemClock, codec = json, lingerMs } = options;
    this.#options = options;
    this.#codec = codec;
    this.#connection = new Connection(transport, options, {
      message: (payload, type, id) => this.#message(payload, type, id),
      status: (status) => this.#status(status),
    });
    this.#readers = new Readers(clock, lingerMs, () => this.#connection.stop());
    this.#uplink = transport.uplink?.(options, clock, () => this.#connection.line);
  }

  get status(): Status {
    return this.#connection.status;
  }

  get isActive(): boolean {
    return this.#readers.isActive;
  }

  /** Reads until the returned function is called; calling that twice is harmless. The first reader dials. */
  read(reader: Reader<In>): () => void {
    const leave = this.#readers.join(reader);
    this.#connection.start();
    return leave;
  }

  /** Tells the status at every change, until the returned function is called. Dials nothing. */
  watch(listener: (status: Status) => void): () => void {
    this.#statusListeners.add(listener);
    return () => void this.#statusListeners.delete(listener);
  }

  async send(data: Out, isVolatile: boolean): Promise<void> {
    const { sendSchema } = this.#options;
    if (!this.#uplink) throw new TidewireError("send-unsupported", "This stream only comes down: send by a request.");
    return this.#uplink.send(this.#codec.encode(sendSchema ? validate(sendSchema, data) : data), isVolatile);
  }

  reconnect(): void {
    if (this.isActive) this.#connection.reconnect();
  }

  close(): void {
    this.#connection.close();
  }

  #status(status: Status): void {
    const isOver = isAtRest(status);
    this.#uplink?.lineChanged(isOver);
    for (const listener of [...this.#statusListeners]) listener(status);
    if (isOver && status.status !== "idle") this.#readers.end(status.error);
  }

  #message(payload: Payload, type: string, id: string): void {
    if (!this.#readers.want(type)) return;
    let data: In;
    try {
      const value = this.#codec.decode(payload);
      const { schema } = this.#options;
      data = schema ? validate(schema, value) : (value as In);
    } catch (cause) {
      const { onInvalid, onError = warn } = this.#options;
      const error = invalid(cause, payload);
      onError(error);
      if (onInvalid === "error") this.#connection.fail(error);
      if (onInvalid !== "raw") return;
      data = payload as In;
    }
    this.#readers.tell(data, type, id, undefined);
  }
}

function invalid(cause: unknown, payload: Payload): TidewireError {
  const { message, detail } = cause as Partial<TidewireError>;
  return new TidewireError("message-invalid", `${message}`, {
    cause,
    detail: { ...detail, sample: String(payload).slice(0, 200) },
  });
}

const warn = (error: TidewireError): void => console.warn(`[tidewire] ${error.message}`, error.detail.sample);
