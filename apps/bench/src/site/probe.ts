/** What the screen showed after a frame was painted: when, the newest message, and when that frame began. */
export type Sample = readonly [at: number, n: number, began: number];

/** A message that the page's own JavaScript was given, and when. */
export type Arrival = readonly [n: number, at: number];

/** One in so many messages is noted: enough to tell 99 % by, and next to no work. */
const NOTED_EVERY = 5;

/** What was seen of one page since `begin`. */
export interface Seen {
  readonly samples: readonly Sample[];
  readonly arrivals: readonly Arrival[];
  /** When measuring began and the last frame came, in milliseconds of the wall clock. */
  readonly from: number;
  readonly frames: readonly number[];
  readonly commits: number;
  /** The most commits between two frames. */
  readonly mostPerFrame: number;
  readonly longTasks: readonly { readonly at: number; readonly ms: number }[];
  /** Messages folded, and the newest of them, as the screen says since the page was opened. */
  readonly count: number;
  readonly n: number;
}

const wallMs = (): number => performance.timeOrigin + performance.now();
const shown = (id: string): number => Number(document.getElementById(id)?.textContent || -1);

/**
 * Looks at a page from beside it: what it shows is read from the document, so that only what was really there counts.
 * Only commits are told by the page itself.
 */
export class Probe {
  #samples: Sample[] = [];
  #arrivals: Arrival[] = [];
  #noteFrom = 0;
  #frames: number[] = [];
  #longTasks: { at: number; ms: number }[] = [];
  #from = 0;
  #commits = 0;
  #inFrame = 0;
  #mostPerFrame = 0;
  readonly #painted = new MessageChannel();

  constructor() {
    this.#painted.port1.onmessage = ({ data: began }) => this.#samples.push([wallMs(), shown("n"), began]);
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) {
        this.#longTasks.push({ at: performance.timeOrigin + startTime, ms: duration });
      }
    }).observe({ type: "longtask" });
    requestAnimationFrame(this.#frame);
  }

  /** Called by the page's framework hook whenever it has put something on the screen. */
  readonly committed = (): void => {
    this.#commits += 1;
    this.#inFrame += 1;
  };

  /** Called whenever the page was given messages, with the newest of them. */
  readonly arrived = (n: number): void => {
    if (n < this.#noteFrom) return;
    this.#noteFrom = n + NOTED_EVERY;
    this.#arrivals.push([n, wallMs()]);
  };

  // Registers itself before anybody else's callback runs, so it is always the first of its frame: what was
  // committed since the last one belongs to one frame.
  readonly #frame = (): void => {
    requestAnimationFrame(this.#frame);
    this.#mostPerFrame = Math.max(this.#mostPerFrame, this.#inFrame);
    this.#inFrame = 0;
    const began = wallMs();
    this.#frames.push(began);
    this.#painted.port2.postMessage(began);
  };

  begin(): void {
    this.#samples = [];
    this.#arrivals = [];
    this.#frames = [];
    this.#longTasks = [];
    this.#commits = this.#inFrame = this.#mostPerFrame = 0;
    this.#from = wallMs();
  }

  /** True as soon as a message is on the screen; false when it is not there in time. */
  async shows(n: number, timeoutMs: number): Promise<boolean> {
    const until = performance.now() + timeoutMs;
    while (shown("n") < n) {
      if (performance.now() > until) return false;
      await new Promise(requestAnimationFrame);
    }
    await new Promise(requestAnimationFrame); // so that it was painted, and looked at
    return true;
  }

  seen(): Seen {
    return {
      samples: this.#samples,
      arrivals: this.#arrivals,
      from: this.#from,
      frames: this.#frames,
      commits: this.#commits,
      mostPerFrame: this.#mostPerFrame,
      longTasks: this.#longTasks,
      count: Math.max(0, shown("count")),
      n: shown("n"),
    };
  }
}

declare global {
  interface Window {
    probe?: Probe;
  }
}

export const probe: Probe = new Probe();
