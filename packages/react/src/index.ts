"use client";

export { useRealtime } from "./use-realtime.ts";
