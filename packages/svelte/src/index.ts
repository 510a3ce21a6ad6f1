export type { RealtimeState } from "./realtime-state.ts";
export { type RealtimeStore, realtimeStore } from "./realtime-store.ts";
export { useRealtime } from "./use-realtime.ts";
export { provideClient, useClient, useTopic } from "./use-topic.ts";
