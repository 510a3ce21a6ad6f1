import type { Observable } from "rxjs";
import type { Status } from "../connection/status.ts";

/** One message, whole. The Observable itself emits `data` alone. */
export interface Message<In = unknown> {
  readonly data: In;
  /** The SSE event name; "message" where there is none. */
  readonly type: string;
  /** The SSE id, or the hub's cursor; "" where there is none. */
  readonly id: string;
  /** The hub's topic, where there is one. */
  readonly topic: string | undefined;
}

/** The event types of a stream that names none: any, with the stream's own data. */
export interface EventsOf<In> {
  readonly [type: string]: In;
}

/**
 * An endpoint as an Observable that outlives its connections: it emits each message's data once, in order,
 * and neither errors nor completes because a line was lost. It completes when the server says that it is over,
 * and errors only when no dial can help.
 */
export interface Realtime<In = unknown, Out = never, Events = EventsOf<In>> extends Observable<In>, AsyncIterable<In> {
  /** The data of one SSE event type. On a stream with a `schema`, that schema is the type of all. */
  on<Type extends keyof Events & string>(type: Type): Observable<Events[Type]>;
  /** Each message whole: data, type, id, topic. */
  readonly messages$: Observable<Message<In>>;
  /** The status now and at every change. */
  readonly status$: Observable<Status>;
  /** The status now. */
  readonly status: Status;
  /**
   * Sends one message; resolves when it was handed to the network, rejects with a TidewireError when it was not.
   * A volatile message is dropped in silence where it would have to wait.
   */
  send(data: Out, how?: { readonly volatile?: boolean }): Promise<void>;
  /** Hangs up and dials again at once, from any status. Without readers it does nothing. */
  reconnect(): void;
  /** Ends the stream for all its readers: they complete. A later reader or `reconnect()` begins anew. */
  close(): void;
}
