import { optionInvalid } from "@tidewire/wire";
import type { Authenticate, Authorize } from "./access.ts";
import type { Engine, Retention } from "./engine.ts";
import type { HubEvent } from "./events.ts";
import { memory } from "./memory.ts";
import type { Rate } from "./session/allowance.ts";

/** Options of `createHub`. All of them have defaults. */
export interface HubOptions {
  /** Where the logs live. Default `memory()`. */
  readonly engine?: Engine | undefined;
  /** Messages of history per topic. Default 1000. */
  readonly retainMessages?: number | undefined;
  /** Characters of history per topic. Default 1 048 576. */
  readonly retainBytes?: number | undefined;
  /** How long history is kept, in milliseconds. Default: no limit by age. */
  readonly retainMs?: number | undefined;
  /** A line that was silent this long gets a sign of life, in milliseconds. Default 10 000. */
  readonly heartbeatMs?: number | undefined;
  /** A topic that was neither read nor published for so long is forgotten, in milliseconds; those of `hub.topic` stay. Default 1 hour. */
  readonly idleTopicMs?: number | undefined;
  /** The most topics at one time. Default 10 000. */
  readonly maxTopics?: number | undefined;
  /** The most topics one line may read. Default 100. */
  readonly maxTopicsPerLine?: number | undefined;
  /** The most open lines; more are refused with 503 and Retry-After. Default 50 000. */
  readonly maxLines?: number | undefined;
  /** Finds out who asks, before anything is answered. Default: nobody is asked. */
  readonly authenticate?: Authenticate | undefined;
  /** Decides who may read and publish what. Default: everybody everything, but publishing only where the topic takes it. */
  readonly authorize?: Authorize | undefined;
  /** How long a WebSocket that speaks the protocol may take to say hello, in milliseconds. Default 5000. */
  readonly helloTimeoutMs?: number | undefined;
  /** Names this node to clients. Default: random. */
  readonly node?: string | undefined;
  /** The most characters of one message that comes up a line; more closes it with 4413. Default 65 536. */
  readonly maxInboundChars?: number | undefined;
  /**
   * The most messages that a session (or a plain line) may send in a second, ten times as many at once; more ends the line
   * with 4529, or a POST with 429, and says when to come again. Default 200.
   */
  readonly maxInboundPerSecond?: number | undefined;
  /**
   * The most characters of history that one session (or a plain line) may have replayed in a minute, and at once; beyond that a
   * topic goes on with what is new, after a gap of the kind "limit"; a plain WebSocket of one topic, which has no word for a gap, closes with 4508. Default 268 435 456.
   */
  readonly maxReplayBytesPerMinute?: number | undefined;
  /** How many sessions' worth of both one principal may use, over all its sessions; each hello and each POST counts as a message. Default 10. */
  readonly sessionsPerPrincipal?: number | undefined;
  /**
   * How many sessions' worth of both one address (one /64 with IPv6) may use. Where a proxy of yours stands in front, give the
   * handler `addressOf`: without it all clients have the proxy's address. Default 100.
   */
  readonly sessionsPerAddress?: number | undefined;
  /** Hears what happens: lines that come and go, refusals, gaps. It is called within the hub's work, so it should be quick. */
  readonly onEvent?: ((event: HubEvent) => void) | undefined;
  /** Hears what went wrong where no caller could be told: a handler that threw, an engine that failed. Default `console.error`. */
  readonly onError?: ((error: unknown, where: string) => void) | undefined;
  /** The clock, in milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** {@link HubOptions} with every default filled in. */
export interface HubSettings extends Retention {
  readonly engine: Engine;
  readonly heartbeatMs: number;
  readonly idleTopicMs: number;
  readonly maxTopics: number;
  readonly maxTopicsPerLine: number;
  readonly maxLines: number;
  readonly maxInboundChars: number;
  readonly authenticate: Authenticate | undefined;
  readonly authorize: Authorize | undefined;
  readonly helloTimeoutMs: number;
  readonly inbound: Rate;
  readonly replay: Rate;
  readonly sessionsPerPrincipal: number;
  readonly sessionsPerAddress: number;
  readonly onEvent: ((event: HubEvent) => void) | undefined;
  readonly node: string;
  readonly onError: (error: unknown, where: string) => void;
  readonly now: () => number;
}

/** Fills the defaults in. Throws `option-invalid` for what cannot work. */
export function resolveOptions(options: HubOptions): HubSettings {
  const now = options.now ?? Date.now;
  return {
    engine: options.engine ?? memory({ now }),
    retainMessages: atLeast(0, "retainMessages", options.retainMessages ?? 1000),
    retainBytes: atLeast(0, "retainBytes", options.retainBytes ?? 1_048_576),
    retainMs: atLeast(0, "retainMs", options.retainMs ?? Infinity),
    heartbeatMs: atLeast(10, "heartbeatMs", options.heartbeatMs ?? 10_000),
    idleTopicMs: atLeast(0, "idleTopicMs", options.idleTopicMs ?? 3_600_000),
    maxTopics: atLeast(1, "maxTopics", options.maxTopics ?? 10_000),
    maxTopicsPerLine: atLeast(1, "maxTopicsPerLine", options.maxTopicsPerLine ?? 100),
    maxLines: atLeast(1, "maxLines", options.maxLines ?? 50_000),
    maxInboundChars: atLeast(1, "maxInboundChars", options.maxInboundChars ?? 65_536),
    authenticate: options.authenticate,
    authorize: options.authorize,
    helloTimeoutMs: atLeast(1, "helloTimeoutMs", options.helloTimeoutMs ?? 5000),
    inbound: rateOf(10, "maxInboundPerSecond", options.maxInboundPerSecond ?? 200, 1),
    replay: rateOf(60, "maxReplayBytesPerMinute", options.maxReplayBytesPerMinute ?? 268_435_456, 60),
    sessionsPerPrincipal: atLeast(1, "sessionsPerPrincipal", options.sessionsPerPrincipal ?? 10),
    sessionsPerAddress: atLeast(1, "sessionsPerAddress", options.sessionsPerAddress ?? 100),
    onEvent: options.onEvent,
    node: options.node ?? Math.random().toString(36).slice(2, 10),
    onError: guarded(options.onError ?? print),
    now,
  };
}

type OnError = HubSettings["onError"];

/** The last resort, so that nothing is swallowed. */
const print: OnError = (error, where) => console.error(`tidewire: ${where}:`, error);

/** A listener that throws must not end what it hears of, nor the process. */
function guarded(onError: OnError): OnError {
  return (error, where) => {
    try {
      onError(error, where);
    } catch (thrown) {
      print(error, where);
      print(thrown, "onError");
    }
  };
}

/** A rate of `value` in `perSeconds`, of which `burstSeconds` may come at once. */
function rateOf(burstSeconds: number, name: string, value: number, perSeconds: number): Rate {
  const perSecond = atLeast(1, name, value) / perSeconds;
  return { burst: perSecond * burstSeconds, perSecond };
}

/** Gives `value` back when it is a number from `least` up. */
export function atLeast(least: number, name: string, value: number): number {
  if (typeof value === "number" && value >= least) return value;
  throw optionInvalid(`\`${name}\` must be a number from ${least} up, got ${value}.`);
}
