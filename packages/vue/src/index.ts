export { type RealtimeRefs, useRealtime } from "./use-realtime.ts";
