export {
  type Binary,
  binary,
  type Codec,
  isRefusal,
  json,
  type Payload,
  type Refusal,
  TidewireError,
  type TidewireErrorCode,
  type TidewireErrorDetail,
  text,
} from "@tidewire/wire";
export type { Carrier, CarrierEvents, CarrierLine, UpPlace } from "./client/carrier.ts";
export {
  type Client,
  type ClientOptions,
  type ClientTransport,
  createClientOver,
  type Topic,
} from "./client/client.ts";
export { createClient } from "./client/create-client.ts";
export { overPoll } from "./client/over-poll.ts";
export { overSse } from "./client/over-sse.ts";
export { overWebSocket } from "./client/over-websocket.ts";
export type { SessionOptions } from "./client/session-options.ts";
export type { Gap, TopicOptions } from "./client/topic-state.ts";
export type { Auth, Token } from "./connection/auth.ts";
export type { Clock } from "./connection/clock.ts";
export type { Page, PageEvent } from "./connection/page.ts";
export type { PauseReason, Status, StatusWord } from "./connection/status.ts";
export type { Commit, Scheduler } from "./store/commit.ts";
export { type FirstValue, type FirstValueOptions, firstValue } from "./store/first-value.ts";
export { openSource, openTopic, type TopicScreenOptions, type Url, type UrlOptions } from "./store/open-source.ts";
export type {
  ConflateOptions,
  Folded,
  FoldOf,
  NamedFold,
  NewestOptions,
  ReduceOptions,
  StoreOptions,
  ViewOptions,
} from "./store/options.ts";
export type { Selection, Snapshot } from "./store/snapshot.ts";
export type { NoSource, Readable, Source, Subscribable } from "./store/source.ts";
export { type CreateStore, createStore, makeStore, type Store } from "./store/store.ts";
export { createRealtime, type RealtimeOptions } from "./stream/create-realtime.ts";
export { type OpenOptions, realtime } from "./stream/realtime.ts";
export type { Schema } from "./stream/schema.ts";
export type { EventsOf, Message, Realtime } from "./stream/stream.ts";
export type { Address, AtEachDial } from "./transport/address.ts";
export type { FetchLike, HttpOptions } from "./transport/http.ts";
export { type HttpProbeOptions, httpProbe } from "./transport/http-probe.ts";
export { type NdjsonOptions, ndjson } from "./transport/ndjson.ts";
export { type SseOptions, sse } from "./transport/sse.ts";
export type { Dial, Line, LineEnd, LineEvents, Sendable, Transport, TwoWayLine } from "./transport/transport.ts";
export type { Uplink, UplinkOptions, UplinkTimers } from "./transport/uplink.ts";
export type { Judge, Verdict } from "./transport/verdict.ts";
export {
  type Probe,
  type WebSocketOptions,
  type WebSocketToken,
  websocket,
} from "./transport/websocket.ts";
