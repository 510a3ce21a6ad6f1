import { isTopicName, optionInvalid } from "@tidewire/wire";
import { Observable } from "rxjs";
import type { Status } from "../connection/status.ts";
import type { Realtime } from "../stream/stream.ts";
import { type FaceOptions, streamOf } from "../stream/stream-of.ts";
import type { Address } from "../transport/address.ts";
import type { HttpOptions } from "../transport/http.ts";
import type { WebSocketOptions } from "../transport/websocket.ts";
import type { Carrier } from "./carrier.ts";
import { Session } from "./session.ts";
import type { SessionOptions } from "./session-options.ts";
import type { Gap, TopicOptions, TopicState } from "./topic-state.ts";

/** What carries the hub's protocol: `overWebSocket`, `overSse`, `overPoll`, or one's own. */
export type ClientTransport = (address: Address, options: HttpOptions & WebSocketOptions) => Carrier;

/** How a client finds its hub. */
export interface ClientOptions
  extends SessionOptions,
    Omit<HttpOptions, "method" | "body" | "resume" | "lastEventIdParam" | "tokenParam">,
    Pick<WebSocketOptions, "WebSocket"> {
  /** The hub's address; http(s) and ws(s) are the same to it. Asked at each dial when it is a function. */
  readonly url: Address;
  /** What carries the protocol: `overWebSocket` (default) or `overSse`. */
  readonly transport?: ClientTransport | undefined;
}

/** A topic of a hub, read as any stream. Its sends resolve when the hub has done them, each once and in order. */
export interface Topic<In = unknown, Out = In> extends Realtime<In, Out> {
  /** History that can no longer be had, each before the first message after it. */
  readonly gaps$: Observable<Gap>;
}

/** Many topics of one hub over one line. */
export interface Client {
  /** A topic; the same name is the same topic. Dials nothing until it is read. */
  topic<In = unknown, Out = In>(name: string, options?: TopicOptions<In, Out> & FaceOptions): Topic<In, Out>;
  /** Asks the hub's application; resolves with its answer. */
  call<Answer = unknown>(method: string, data?: unknown): Promise<Answer>;
  /** How the line stands. */
  readonly status: Status;
  /** How the line stands, now and at every change. */
  readonly status$: Observable<Status>;
  /** Where all topics stand, to be given back as `cursor` on the next page. Undefined when it would exceed 2 KB. */
  cursor(): string | undefined;
  /** Hangs up and dials again at once. Without readers it does nothing. */
  reconnect(): void;
  /** Ends all topics: their readers complete. */
  close(): void;
}

/**
 * {@link createClient} over the one transport that is named: for pages that count bytes, as no other one comes along. Dials
 * nothing until a topic is read.
 */
export function createClientOver(transport: ClientTransport, options: Omit<ClientOptions, "transport">): Client {
  const { url, headers, credentials, fetch, maxMessageLength, WebSocket, ...rest } = options;
  const carrier = transport(url, { headers, credentials, fetch, maxMessageLength, WebSocket });
  const session = new Session(carrier, rest);
  return {
    topic<In, Out>(name: string, topicOptions: TopicOptions<In, Out> & FaceOptions = {}): Topic<In, Out> {
      if (!isTopicName(name)) {
        throw optionInvalid(`"${name}" is no topic: a name has 1 to 255 characters, none of them control characters.`);
      }
      const state = session.state.topics.use(name, topicOptions as TopicOptions) as unknown as TopicState<In, Out>;
      const gaps$ = new Observable<Gap>((subscriber) => state.watchGaps((gap) => subscriber.next(gap)));
      return Object.defineProperty(streamOf<In, Out>(state, topicOptions), "gaps$", { value: gaps$ }) as Topic<In, Out>;
    },
    call: <Answer>(method: string, data: unknown = null) => session.call(method, data) as Promise<Answer>,
    get status() {
      return session.status;
    },
    status$: new Observable((subscriber) => {
      subscriber.next(session.status);
      return session.watch((status) => subscriber.next(status));
    }),
    cursor: () => session.state.topics.cursor(),
    reconnect: () => session.reconnect(),
    close: () => session.close(),
  };
}
