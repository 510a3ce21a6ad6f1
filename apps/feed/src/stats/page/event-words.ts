import type { HubEvent } from "@tidewire/server";

/** What happened, and what more there is to it. */
export interface EventWords {
  readonly what: string;
  readonly more: string;
}

/** Says an event. */
export function eventWords(event: HubEvent): EventWords {
  switch (event.name) {
    case "tidewire.line.opened":
      return { what: "Line opened", more: whose(event) };
    case "tidewire.line.closed":
      return { what: "Line closed", more: `${whose(event)}, after ${seconds(event.durationMs)}: ${why(event)}` };
    case "tidewire.topic.joined":
      return { what: "Topic joined", more: `${event.topic}: ${whose(event)}` };
    case "tidewire.topic.left":
      return { what: "Topic left", more: `${event.topic}: ${whose(event)}` };
    case "tidewire.line.refused":
      return { what: "Line refused", more: `${event.code}: ${event.reason}` };
    case "tidewire.line.limited":
      return { what: "Sent too much", more: `${whose(event)}: may go on in ${seconds(event.afterMs)}` };
    case "tidewire.gap":
      return { what: "Gap", more: `${event.topic}, ${event.from} to ${event.to}: ${event.why}` };
    case "tidewire.drain.started":
      return { what: "Drain started", more: `${event.lines} lines, within ${seconds(event.deadlineMs)}` };
    case "tidewire.drain.done":
      return { what: "Drain done", more: `${event.lines} lines, after ${seconds(event.durationMs)}` };
    case "tidewire.principal.revoked":
      return { what: "Revoked", more: `${event.principal}: ${event.lines} lines ended` };
  }
}

interface Owned {
  readonly transport: string;
  readonly principal: string | undefined;
}

const whose = ({ transport, principal }: Owned): string => [transport, principal].filter(Boolean).join(", ");
const why = ({ code, reason }: { readonly code: number | undefined; readonly reason: string }): string =>
  code === undefined ? "the other side left" : `${code} ${reason}`;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
