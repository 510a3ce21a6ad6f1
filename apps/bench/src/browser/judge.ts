import type { Arrival, Sample, Seen } from "../site/probe.ts";
import { quantile } from "../statistics.ts";
import type { Sent } from "./pace.ts";

/** What was measured of one page at one pace. */
export interface Measured {
  readonly before: Seen;
  readonly after: Seen;
  readonly sent: readonly Sent[];
  readonly isCaughtUp: boolean;
  readonly cpuMs: number;
  readonly errors: readonly string[];
}

/** One page at one pace. What cannot be told of a page that was gone in the end is NaN. */
export interface PageRow {
  /** Messages that went by without being folded: up to the newest on the screen, by what the screen counts. */
  readonly missed: number;
  /** False when the last message was not on the screen in time after it was sent. */
  readonly isCaughtUp: boolean;
  /** How many of the messages that were sent were not on the screen in the end. */
  readonly behind: number;
  readonly commits: number;
  readonly frames: number;
  /** The most commits between two frames. */
  readonly mostPerFrame: number;
  readonly fps: number;
  /** CPU of the page's main thread per message that it showed, in microseconds; its frames are in it. */
  readonly cpuUs: number;
  /** The share of the time that the main thread's CPU was at work. */
  readonly busy: number;
  /** From when a message was sent until the painted screen showed it, or a newer one. */
  readonly staleP50Ms: number;
  readonly staleP99Ms: number;
  /** From when the page's own JavaScript was given a message until the painted screen showed it, or a newer one. */
  readonly arrivedP99Ms: number;
  /** The same in frames of the page: 1 where the next frame showed it. */
  readonly arrivedP50Frames: number;
  readonly arrivedP99Frames: number;
  readonly longTasks: number;
  /** What the page threw or complained of. */
  readonly errors: number;
  readonly error: string | undefined;
  /** The longest pause of the sender: where it is long, the machine was measured. */
  readonly senderLagMs: number;
}

export function judge({ before, after, sent, isCaughtUp, cpuMs, errors }: Measured): PageRow {
  const from = sent[0]?.[1] ?? 0;
  const until = sent.at(-1)?.[1] ?? 0;
  const last = sent.at(-1)?.[0] ?? 0;
  const isGone = after.n < before.n || after.n < 0;
  const shown = isGone ? Number.NaN : after.n - before.n;
  const stale = waits(sent, after.samples);
  const arrived = waits(after.arrivals, after.samples);
  const arrivedFrames = framesFrom(after.arrivals, after.samples);
  const frames = after.frames.filter((at) => at >= from && at <= until).length;
  const took = ((after.frames.at(-1) ?? until) - after.from) / 1000;
  return {
    missed: shown - (after.count - before.count),
    isCaughtUp,
    behind: isGone ? Number.NaN : last - after.n,
    commits: after.commits,
    frames: after.frames.length,
    mostPerFrame: after.mostPerFrame,
    fps: frames / ((until - from) / 1000),
    cpuUs: (cpuMs * 1000) / shown,
    busy: cpuMs / 1000 / took,
    staleP50Ms: quantile(stale, 0.5),
    staleP99Ms: quantile(stale, 0.99),
    arrivedP99Ms: quantile(arrived, 0.99),
    arrivedP50Frames: quantile(arrivedFrames, 0.5),
    arrivedP99Frames: quantile(arrivedFrames, 0.99),
    longTasks: after.longTasks.filter(({ at }) => at >= from).length,
    errors: errors.length,
    error: errors[0]?.slice(0, 200),
    senderLagMs: Math.max(...sent.slice(1).map(([, at], index) => at - (sent[index]?.[1] ?? at))),
  };
}

/** How many frames began from when a message was given to the page up to the one that showed it. */
function framesFrom(arrivals: readonly Arrival[], samples: readonly Sample[]): number[] {
  let next = 0;
  let shown = 0;
  return arrivals.map(([n, at]) => {
    while ((samples[next]?.[2] ?? Number.POSITIVE_INFINITY) < at) next += 1;
    while ((samples[shown]?.[1] ?? Number.POSITIVE_INFINITY) < n) shown += 1;
    return Math.max(1, shown - next + 1);
  });
}

/** One wait per tick that sent something, or message that was noted. What never came to the screen has waited until it was last looked at. */
function waits(sent: readonly Sent[], samples: readonly Sample[]): number[] {
  let index = 0;
  const lastLook = samples.at(-1)?.[0] ?? 0;
  return sent.map(([n, at]) => {
    while ((samples[index]?.[1] ?? Number.POSITIVE_INFINITY) < n) index += 1;
    return (samples[index]?.[0] ?? lastLook) - at;
  });
}
