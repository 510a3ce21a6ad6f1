import type { GapReason } from "./line.ts";

/** What happens in a hub, for logs, traces and alarms. Names are as OpenTelemetry would have them. */
export type HubEvent =
  | {
      readonly name: "tidewire.line.opened";
      /** The kind of line: "websocket", "sse", "poll". */
      readonly transport: string;
      /** The principal's id, where somebody was asked. */
      readonly principal: string | undefined;
    }
  | {
      readonly name: "tidewire.line.closed";
      readonly transport: string;
      readonly principal: string | undefined;
      /** Why the hub closed it; undefined where the other side left. */
      readonly code: number | undefined;
      readonly reason: string;
      readonly durationMs: number;
    }
  | {
      /** Nobody was let in. `code` is the protocol's, or the HTTP status of a plain request. */
      readonly name: "tidewire.line.refused";
      readonly code: number;
      readonly reason: string;
    }
  | {
      /** Somebody reads a topic from now on, or no more: for operators, and for whoever shows who is there. */
      readonly name: "tidewire.topic.joined" | "tidewire.topic.left";
      readonly topic: string;
      readonly transport: string;
      /** The principal's id, where somebody was asked. */
      readonly principal: string | undefined;
    }
  | {
      /** A client sent more than it may. */
      readonly name: "tidewire.line.limited";
      readonly transport: string;
      readonly principal: string | undefined;
      /** When it may send again, in milliseconds. */
      readonly afterMs: number;
    }
  | {
      /**
       * A reader was told that history is lost to it. "slow" asks for a look at its topic's rate and retention; "restart" says
       * that the log began anew, and that nothing is known to be missing.
       */
      readonly name: "tidewire.gap";
      readonly topic: string;
      readonly why: GapReason;
      readonly from: number;
      readonly to: number;
    }
  | { readonly name: "tidewire.drain.started"; readonly lines: number; readonly deadlineMs: number }
  | { readonly name: "tidewire.drain.done"; readonly lines: number; readonly durationMs: number }
  | { readonly name: "tidewire.principal.revoked"; readonly principal: string; readonly lines: number };

/** Counts since the hub was made. They only grow. */
export interface Counters {
  linesOpened: number;
  linesRefused: number;
  linesLimited: number;
  /** Messages that this hub appended. */
  published: number;
  /** Gaps that were said to readers, without those that only say "restart". */
  gaps: number;
  /** Bytes that were handed to lines. */
  bytesWritten: number;
}

/** Counts, and tells whoever listens. */
export interface Gauges {
  readonly counters: Counters;
  /** Undefined when nobody listens, so that no event need be made. */
  readonly tell: ((event: HubEvent) => void) | undefined;
  /** Somebody was not let in. */
  refused(code: number, reason: string): void;
  /** A client sent more than it may. */
  limited(transport: string, principal: string | undefined, afterMs: number): void;
  /** A reader was told of a gap. */
  gap(gap: Omit<Extract<HubEvent, { name: "tidewire.gap" }>, "name">): void;
}

/** Makes the gauges of a hub. A listener that throws is told to `onError` and stops nothing. */
export function createGauges(
  onEvent: ((event: HubEvent) => void) | undefined,
  onError: (error: unknown, where: string) => void,
): Gauges {
  const counters: Counters = {
    linesOpened: 0,
    linesRefused: 0,
    linesLimited: 0,
    published: 0,
    gaps: 0,
    bytesWritten: 0,
  };
  const tell = onEvent && guarded(onEvent, onError);
  return {
    counters,
    tell,
    refused(code, reason) {
      counters.linesRefused += 1;
      tell?.({ name: "tidewire.line.refused", code, reason });
    },
    limited(transport, principal, afterMs) {
      counters.linesLimited += 1;
      tell?.({ name: "tidewire.line.limited", transport, principal, afterMs });
    },
    gap({ topic, from, to, why }) {
      if (why !== "restart") counters.gaps += 1;
      tell?.({ name: "tidewire.gap", topic, from, to, why });
    },
  };
}

function guarded(onEvent: (event: HubEvent) => void, onError: (error: unknown, where: string) => void) {
  return (event: HubEvent): void => {
    try {
      onEvent(event);
    } catch (error) {
      onError(error, "onEvent");
    }
  };
}
