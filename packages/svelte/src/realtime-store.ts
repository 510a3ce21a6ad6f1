import {
  type ConflateOptions,
  type Folded,
  type FoldOf,
  makeStore,
  type NamedFold,
  type NewestOptions,
  type OpenOptions,
  openSource,
  type ReduceOptions,
  type Source,
  type Status,
  type Url,
  type UrlOptions,
} from "@tidewire/core";
import type { Readable } from "svelte/store";

/** What {@link realtimeStore} returns: `$ticks` is the data. */
export interface RealtimeStore<Shown, Out = never> extends Readable<Shown> {
  /** How the source stands, as a store of its own: `const { status } = ticks`, then `$status.status`. */
  readonly status: Readable<Status>;
  /** Sends one message up; rejects when the source has no way up. */
  readonly send: (data: Out) => Promise<void>;
  /** Hangs up and dials again at once; a plain source is subscribed to anew. */
  readonly reconnect: () => void;
}

/**
 * A stream, an Observable, an async iterable or a URL as a Svelte store; `null`, `undefined` and `false` are idle.
 * All subscribers share one reading, the first value is there at once, and a server render never dials.
 *
 * @example
 * const ticks = realtimeStore(stream, { initial: 0 }); // {$ticks}
 */
export function realtimeStore<In = unknown, Out = never, Key = unknown, Shown = ReadonlyMap<Key, In>>(
  source: Source<In, Out> | Url,
  options: ConflateOptions<In, Key, Shown> & OpenOptions<In, Out>,
): RealtimeStore<Shown, Out>;
export function realtimeStore<
  In = unknown,
  Out = never,
  Init = undefined,
  State = FoldOf<In, Init>,
  Shown = Folded<State, Init>,
>(
  source: Source<In, Out> | Url,
  options: ReduceOptions<In, Init, State, Shown> & OpenOptions<In, Out>,
): RealtimeStore<Shown, Out>;
export function realtimeStore<In = unknown, Out = never, Empty = undefined, Shown = In | Empty>(
  source: Source<In, Out> | Url,
  options?: (NewestOptions<In, Empty, Shown> | NamedFold) & OpenOptions<In, Out>,
): RealtimeStore<Shown, Out>;
export function realtimeStore<In, Out, Shown>(
  source: Source<In, Out> | Url,
  given: UrlOptions<In, Out, Shown> | NamedFold = {},
): RealtimeStore<Shown, Out> {
  const options = given as UrlOptions<In, Out, Shown>; // of the other kind there is no value
  const { getSnapshot, getStatus, subscribe } = makeStore(openSource(source, options), options);
  const isServer = typeof document === "undefined"; // `$ticks` subscribes while rendering on a server, too

  function part<Part>(read: () => Part): Readable<Part> {
    return {
      subscribe(run) {
        let told: { readonly part: Part } | undefined;
        const tell = (): void => {
          const part = read();
          if (told !== undefined && Object.is(told.part, part)) return;
          told = { part };
          run(part);
        };
        const stop = isServer ? () => {} : subscribe(tell);
        tell();
        return stop;
      },
    };
  }

  const { send, reconnect } = getSnapshot();
  return { ...part(() => getSnapshot().data), status: part(getStatus), send, reconnect };
}
