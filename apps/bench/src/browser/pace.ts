import { setTimeout as wait } from "node:timers/promises";

/** How fast and for how long. */
export interface Pace {
  /** Messages a second. */
  readonly rate: number;
  readonly seconds: number;
}

/** The number of the last message of a tick, and when it was sent, in milliseconds of the wall clock. */
export type Sent = readonly [n: number, at: number];

/** What every message tells, in about 100 bytes. */
export interface Tick {
  readonly n: number;
  readonly at: number;
  readonly symbol: string;
  readonly price: number;
  readonly size: number;
}

/** The wall clock in fractions of a millisecond, as the page reads it. */
export const wallMs = (): number => performance.timeOrigin + performance.now();

const SYMBOLS = ["TIDE.XNAS", "WIRE.XNYS", "LOGS.XLON", "HUBS.XPAR"] as const;

export const tickOf = (n: number, at: number): Tick => ({
  n,
  at: Math.round(at * 10) / 10,
  symbol: SYMBOLS[n % SYMBOLS.length] ?? "TIDE.XNAS",
  price: 100 + (n % 997) / 100,
  size: 100 + (n % 900),
});

/** Sends what is due, about once per millisecond, until all is sent. Gives one entry per tick that sent something. */
export async function pace({ rate, seconds }: Pace, first: number, send: (ticks: Tick[]) => void): Promise<Sent[]> {
  const sent: Sent[] = [];
  const total = Math.round(rate * seconds);
  const start = performance.now();
  for (let done = 0; done < total; await wait(1)) {
    const due = Math.min(total, Math.floor(((performance.now() - start) * rate) / 1000));
    if (due === done) continue;
    const at = wallMs();
    send(Array.from({ length: due - done }, (_, index) => tickOf(first + done + index, at)));
    done = due;
    sent.push([first + done - 1, at]);
  }
  return sent;
}
