import type { Realtime } from "../stream/stream.ts";

/** Anything with a `subscribe` of the Observable kind: RxJS of any version, the platform's Observable, a signal library. */
export interface Subscribable<In> {
  subscribe(observer: { next: (value: In) => void; error: (error: unknown) => void; complete: () => void }): {
    unsubscribe(): void;
  };
  /** Never called: where `subscribe` is overloaded, as RxJS's is, TypeScript learns `In` from here. */
  forEach?(next: (value: In) => void): Promise<unknown>;
}

/** What can be read: a stream, an Observable, an async iterable. */
export type Readable<In, Out = never> = Realtime<In, Out> | Subscribable<In> | AsyncIterable<In>;

/** No source: `useRealtime(isOpen && stream)` is idle while `isOpen` is false. */
export type NoSource = null | undefined | false;

/** What a screen can read. Nothing (`null`, `undefined`, `false`) is idle. */
export type Source<In, Out = never> = Readable<In, Out> | NoSource;

/** True for a stream of this library: it tells its own status, sends and reconnects. */
export function isRealtime<In, Out>(source: Source<In, Out>): source is Realtime<In, Out> {
  return typeof source === "object" && source !== null && "status$" in source && "reconnect" in source;
}
