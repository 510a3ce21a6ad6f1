import { DEV, decodeJson, type Payload, TidewireError } from "@tidewire/wire";
import { systemClock } from "../connection/clock.ts";
import { createConnection } from "../connection/connection.ts";
import type { ConnectionOptions } from "../connection/options.ts";
import { isAtRest, type Status } from "../connection/status.ts";
import type { Transport } from "../transport/transport.ts";
import type { UplinkOptions } from "../transport/uplink.ts";
import { createReaders } from "./readers.ts";
import { type Schema, validate } from "./schema.ts";
import type { Endpoint } from "./stream-of.ts";

/** How one endpoint is kept and understood. */
export interface LiveOptions<In = unknown, Out = unknown> extends ConnectionOptions, UplinkOptions {
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
export interface Live<In = unknown, Out = unknown> extends Endpoint<In, Out> {
  readonly isActive: boolean;
}

/** Makes an endpoint. Dials nothing: its first reader does. */
export function createLive<In = unknown, Out = unknown>(
  transport: Transport,
  options: LiveOptions<In, Out>,
): Live<In, Out> {
  const { clock = systemClock, codec, schema, sendSchema, onInvalid, onError = warn, lingerMs } = options;
  const listeners = new Set<(status: Status) => void>();
  const connection = createConnection(transport, options, { message, status: tell });
  const readers = createReaders<In>(clock, connection.stop, lingerMs);
  const uplink = transport.uplink?.(options, clock, () => connection.line);

  function tell(status: Status): void {
    const isOver = isAtRest(status);
    uplink?.lineChanged(isOver);
    for (const listener of [...listeners]) listener(status);
    if (isOver && status.status !== "idle") readers.end(status.error);
  }

  function message(payload: Payload, type: string, id: string): void {
    if (!readers.want(type)) return;
    let data: In;
    try {
      const value = codec ? codec.decode(payload) : decodeJson(payload);
      data = schema ? validate(schema, value) : (value as In);
    } catch (cause) {
      const error = invalid(cause, payload);
      onError(error);
      if (onInvalid === "error") connection.fail(error);
      if (onInvalid !== "raw") return;
      data = payload as In;
    }
    readers.tell(data, type, id);
  }

  return {
    get status() {
      return connection.status;
    },
    get isActive() {
      return readers.isActive;
    },
    read(reader) {
      const leave = readers.join(reader);
      connection.start();
      return leave;
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async send(data, isVolatile) {
      if (!uplink)
        throw new TidewireError("send-unsupported", DEV && "This stream only comes down: send by a request.");
      return uplink.send(sendSchema ? validate(sendSchema, data) : data, isVolatile);
    },
    reconnect() {
      if (readers.isActive) connection.reconnect();
    },
    close: connection.close,
  };
}

function invalid(cause: unknown, payload: Payload): TidewireError {
  const { message, detail } = cause as Partial<TidewireError>;
  return new TidewireError("message-invalid", message, {
    cause,
    detail: { ...detail, sample: `${payload}`.slice(0, 200) },
  });
}

const warn = (error: TidewireError): void => console.warn(`[tidewire] ${error.message}`, error.detail.sample);
