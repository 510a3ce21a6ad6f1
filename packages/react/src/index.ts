"use client";

export { useRealtime } from "./use-realtime.ts";
export { useRealtimeEvent } from "./use-realtime-event.ts";
export { useRealtimePromise } from "./use-realtime-promise.ts";
export { RealtimeProvider, type RealtimeProviderProps, useClient, useTopic } from "./use-topic.ts";
