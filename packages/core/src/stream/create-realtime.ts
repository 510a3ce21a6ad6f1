import { Observable } from "rxjs";
import type { Transport } from "../transport/transport.ts";
import { iterate } from "./iterate.ts";
import type { Live, LiveOptions, Reader } from "./live.ts";
import { liveFor } from "./registry.ts";
import type { Message, Realtime } from "./stream.ts";

/** How a stream is read. Everything is optional. */
export interface RealtimeOptions<In = unknown, Out = unknown> extends LiveOptions<In, Out> {
  /** Only messages of this SSE event type are the stream's data; `messages$` has them all. Default: every type. */
  readonly type?: string | undefined;
  /** Streams of one key share one connection. Default: the address, where sharing is safe. `null` shares with nobody. */
  readonly key?: string | null | undefined;
  /** How many messages a `for await` loop may be behind before it ends with `overflow`. Default 1000. */
  readonly bufferMessages?: number | undefined;
  /** Ends the stream when it fires. */
  readonly signal?: AbortSignal | undefined;
}

/** Makes a stream from a transport. Making it dials nothing; subscribing does. */
export function createRealtime<In = unknown, Out = never>(
  transport: Transport,
  options: RealtimeOptions<In, Out> = {},
): Realtime<In, Out> {
  const { type, key = transport.key, bufferMessages = 1000, signal, ...liveOptions } = options;
  const live = liveFor<In, Out>(transport, key ?? undefined, liveOptions);

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
  const status$ = new Observable<Realtime["status"]>((subscriber) => {
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
function begin<In, Out>(live: Live<In, Out>, signal: AbortSignal | undefined, reader: Reader<In>): () => void {
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
