import { Observable } from "rxjs";
import type { Status } from "../connection/status.ts";
import { iterate } from "./iterate.ts";
import type { Reader } from "./readers.ts";
import type { Message, Realtime } from "./stream.ts";

/** What is behind a stream: one endpoint, or one topic of a hub. */
export interface Endpoint<In, Out> {
  readonly status: Status;
  /** Reads until the returned function is called; calling that twice is harmless. */
  read(reader: Reader<In>): () => void;
  /** Tells the status at every change, until the returned function is called. Dials nothing. */
  watch(listener: (status: Status) => void): () => void;
  send(data: Out, isVolatile: boolean): Promise<void>;
  reconnect(): void;
  close(): void;
}

/** How one holder of a stream reads it. */
export interface FaceOptions {
  /** Only messages of this SSE event type are the stream's data; `messages$` has them all. Default: every type. */
  readonly type?: string | undefined;
  /** How many messages a `for await` loop may be behind before it ends with `overflow`. Default 1000. */
  readonly bufferMessages?: number | undefined;
  /** Completes this stream's readers when it fires. */
  readonly signal?: AbortSignal | undefined;
}

/** The Observable face of an endpoint. */
export function streamOf<In, Out>(live: Endpoint<In, Out>, options: FaceOptions): Realtime<In, Out> {
  const { type, bufferMessages = 1000, signal } = options;
  const data$ = new Observable<In>((subscriber) =>
    begin(live, signal, {
      type,
      data: (data) => subscriber.next(data),
      over: (error) => (error ? subscriber.error(error) : subscriber.complete()),
    }),
  );
  const messages$ = new Observable<Message<In>>((subscriber) =>
    begin(live, signal, {
      type: undefined,
      message: (message) => subscriber.next(message),
      over: (error) => (error ? subscriber.error(error) : subscriber.complete()),
    }),
  );
  const status$ = new Observable<Status>((subscriber) => {
    subscriber.next(live.status);
    return live.watch((status) => subscriber.next(status));
  });

  return Object.defineProperties(data$, {
    messages$: { value: messages$ },
    status$: { value: status$ },
    status: { get: () => live.status },
    send: { value: (value: Out, how?: { volatile?: boolean }) => live.send(value, how?.volatile === true) },
    reconnect: { value: () => live.reconnect() },
    close: { value: () => live.close() },
    [Symbol.asyncIterator]: { value: () => iterate(data$, bufferMessages) },
  }) as Realtime<In, Out>;
}

/** Reads until the subscriber leaves or the signal fires, which completes this reader alone. */
function begin<In, Out>(live: Endpoint<In, Out>, signal: AbortSignal | undefined, reader: Reader<In>): () => void {
  if (signal === undefined) return live.read(reader);
  let release: () => void = () => {};
  const abort = (): void => {
    release();
    reader.over(undefined);
  };
  if (signal.aborted) abort();
  else {
    signal.addEventListener("abort", abort, { once: true });
    release = live.read(reader);
  }
  return () => {
    signal.removeEventListener("abort", abort);
    release();
  };
}
