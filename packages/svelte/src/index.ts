export { type RealtimeStore, realtimeStore } from "./realtime-store.ts";
export { type RealtimeState, useRealtime } from "./use-realtime.ts";
