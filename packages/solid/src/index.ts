export { createRealtime } from "./create-realtime.ts";
export { createTopic, RealtimeProvider, useClient } from "./create-topic.ts";
export type { RealtimeAccessor } from "./realtime-accessor.ts";
