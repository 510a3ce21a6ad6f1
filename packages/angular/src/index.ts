export { injectRealtime } from "./inject-realtime.ts";
export { injectClient, injectTopic, provideRealtime } from "./inject-topic.ts";
export type { RealtimeRef } from "./realtime-ref.ts";
