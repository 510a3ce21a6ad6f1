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
  send(data: Out, isVolatile: boolean | undefined): Promise<void>;
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

  /** Each subscription reads until it is left or the signal fires, which completes it alone. */
  function observe<T extends In | Message<In>>(type: string | undefined, wantsWhole?: boolean): Observable<T> {
    return new Observable<In | Message<In>>((to) => {
      const complete = (): void => to.complete();
      if (signal?.aborted) return complete();
      signal?.addEventListener("abort", complete);
      to.add(() => signal?.removeEventListener("abort", complete));
      return live.read({ type, wantsWhole, to });
    }) as Observable<T>;
  }

  const data$ = observe<In>(type);
  const face: Omit<Realtime<In, Out>, keyof Observable<In> | "status"> = {
    on: (type) => observe<In>(type),
    messages$: observe<Message<In>>(undefined, true),
    status$: new Observable((subscriber) => {
      subscriber.next(live.status);
      return live.watch((status) => subscriber.next(status));
    }),
    send: (data, how) => live.send(data, how?.volatile),
    reconnect: () => live.reconnect(),
    close: () => live.close(),
    [Symbol.asyncIterator]: () => iterate(data$, bufferMessages),
  };
  Object.defineProperty(data$, "status", { get: () => live.status });
  return Object.assign(data$, face) as Realtime<In, Out>;
}
