import { DEV } from "@tidewire/wire";

/** Which streams a page holds. */
type Count = (url: URL, signal: AbortSignal) => void;

/**
 * Counts a stream until its signal aborts, and says once per origin when streams take all connections that HTTP/1.1 has: six
 * per host, over all tabs. Only for development, and in place, so that every bundler leaves it out.
 */
export const countStream: Count = DEV
  ? (
      (held: Map<string, number>, told: Set<string>): Count =>
      ({ origin, protocol }, signal) => {
        if (!globalThis.location || signal.aborted) return; // no page, no such limit
        const count = (held.get(origin) ?? 0) + 1;
        held.set(origin, count);
        signal.addEventListener("abort", () => held.set(origin, (held.get(origin) ?? 1) - 1));
        // Browsers speak HTTP/2 only over TLS; there, what was loaded before knows the version.
        const isHttp1 = ({ name, nextHopProtocol }: PerformanceEntry & { nextHopProtocol?: string }): boolean =>
          name.startsWith(`${origin}/`) && nextHopProtocol === "http/1.1";
        const loaded = ["navigation", "resource"].flatMap((type) => performance.getEntriesByType(type));
        if (count < 6 || told.has(origin) || (protocol !== "http:" && !loaded.some(isHttp1))) return;
        told.add(origin);
        console.warn(
          `[tidewire] ${count} event streams to ${origin} over HTTP/1.1: a browser opens 6 connections per host, so further streams and requests wait. Serve HTTP/2 (https), put topics on one connection with a hub, or use a WebSocket.`,
        );
      }
    )(new Map(), new Set())
  : () => {};
