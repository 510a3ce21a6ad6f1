export { TidewireError, type TidewireErrorCode } from "@tidewire/wire";
export type { PauseReason, Status, StatusWord } from "./connection/status.ts";
export type { Commit, Scheduler } from "./store/commit.ts";
export type { Source, Subscribable } from "./store/source.ts";
export { createStore, type Snapshot, type Store, type StoreOptions } from "./store/store.ts";
export type { Message, Realtime } from "./stream/stream.ts";
export type { Dial, Line, LineEnd, LineEvents, Transport } from "./transport/transport.ts";
