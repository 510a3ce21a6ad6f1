export type { RealtimeRefs } from "./realtime-refs.ts";
export { useRealtime } from "./use-realtime.ts";
export { provideClient, tidewire, useClient, useTopic } from "./use-topic.ts";
