import { type Codec, json, type Payload, TidewireError } from "@tidewire/wire";
import { systemClock } from "../connection/clock.ts";
import { Connection } from "../connection/connection.ts";
import type { ConnectionOptions } from "../connection/options.ts";
import type { Status } from "../connection/status.ts";
import type { Transport } from "../transport/transport.ts";
import { type Reader, Readers } from "./readers.ts";
import { type Schema, validate } from "./schema.ts";
import { type SendOptions, SendQueue } from "./send-queue.ts";

/** How one endpoint is kept and understood. */
export interface LiveOptions<In = unknown, Out = unknown> extends ConnectionOptions, SendOptions {
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

const INVALID = Symbol("invalid");

/** One endpoint while it is read: one connection, each message decoded once, handed to all readers. */
export class Live<In = unknown, Out = unknown> {
  readonly #options: LiveOptions<In, Out>;
  readonly #connection: Connection;
  readonly #sends: SendQueue;
  readonly #codec: Codec<unknown, unknown>;
  readonly #readers: Readers<In>;
  readonly #statusListeners = new Set<(status: Status) => void>();

  constructor(transport: Transport, options: LiveOptions<In, Out>) {
    this.#options = options;
    this.#codec = options.codec ?? json;
    this.#connection = new Connection(transport, options, {
      message: (payload, type, id) => this.#message(payload, type, id),
      status: (status) => this.#status(status),
    });
    const { clock = systemClock, lingerMs } = options;
    this.#readers = new Readers(clock, lingerMs, () => this.#connection.stop());
    this.#sends = new SendQueue(options, clock, () => this.#connection.line);
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
    const payload = this.#codec.encode(sendSchema ? validate(sendSchema, data) : data);
    return this.#sends.send(payload, isVolatile);
  }

  reconnect(): void {
    if (this.isActive) this.#connection.reconnect();
  }

  close(): void {
    this.#connection.close();
  }

  #status(status: Status): void {
    if (status.status === "open") this.#sends.flush();
    else if (status.status === "waiting" || status.status === "paused") this.#sends.lost();
    for (const listener of [...this.#statusListeners]) listener(status);
    const isOver = status.status === "closed" || status.status === "failed";
    if (isOver || status.status === "idle") this.#sends.refuse(new TidewireError("not-open", "The stream is over."));
    if (isOver) this.#readers.end(status.error);
  }

  #message(payload: Payload, type: string, id: string): void {
    if (!this.#readers.want(type)) return;
    const data = this.#decode(payload);
    if (data !== INVALID) this.#readers.tell(data, type, id, undefined);
  }

  #decode(payload: Payload): In | typeof INVALID {
    const { schema, onInvalid } = this.#options;
    try {
      const value = this.#codec.decode(payload);
      return schema ? validate(schema, value) : (value as In);
    } catch (cause) {
      const error = invalid(cause, payload);
      this.#report(error);
      if (onInvalid === "raw") return payload as unknown as In;
      if (onInvalid === "error") this.#connection.fail(error);
      return INVALID;
    }
  }

  #report(error: TidewireError): void {
    const { onError } = this.#options;
    if (onError) onError(error);
    else console.warn(`[tidewire] ${error.message}`, error.detail.sample ?? "");
  }
}

function invalid(cause: unknown, payload: Payload): TidewireError {
  if (cause instanceof TidewireError && cause.detail.sample !== undefined) return cause;
  const sample = typeof payload === "string" ? payload.slice(0, 200) : undefined;
  const message = cause instanceof Error ? cause.message : "The message cannot be decoded.";
  const detail = { ...(cause instanceof TidewireError ? cause.detail : {}), sample };
  return new TidewireError("message-invalid", message, { cause, detail });
}
