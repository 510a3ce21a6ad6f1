/** What happens to one client's network. */
export const faultNames = ["cut", "reset", "half-close", "black hole", "delay", "throttle", "refuse", "flap"] as const;
export type FaultName = (typeof faultNames)[number];

/** One step: a fault that lasts while messages go on. */
export interface Step {
  readonly client: number;
  readonly fault: FaultName;
  readonly lastsMs: number;
  readonly topics: readonly string[];
}

export interface Plan {
  readonly clients: number;
  readonly faults: number;
  /** From one fault to the next. */
  readonly slotMs: number;
  /** How long dead links are watched. */
  readonly deadMs: number;
}

export const TOPICS: readonly string[] = Array.from({ length: 10 }, (_, index) => `topic-${index}`);
export const PER_STEP = 15;
const READ_BY_EACH = 4;
const SEED = 20_261_122;

/** Four of the ten topics, beginning with another one for each client. */
export function topicsOf(client: number): string[] {
  return Array.from({ length: READ_BY_EACH }, (_, step) => TOPICS[(client + step) % TOPICS.length] as string);
}

/** The same schedule for everybody: it is the seed's, not the clock's. */
export function schedule({ clients, faults }: Plan): Step[] {
  const random = seeded(SEED);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  return Array.from({ length: faults }, () => ({
    client: Math.floor(random() * clients),
    fault: pick(faultNames),
    lastsMs: 300 + random() * 1200,
    topics: Array.from({ length: PER_STEP }, () => pick(TOPICS)),
  }));
}

/** Numbers from 0 up to 1, the same ones for the same seed: a linear congruence, of which the high bits are taken. */
function seeded(seed: number): () => number {
  let state = BigInt(seed);
  return () => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & 0xffff_ffff_ffff_ffffn;
    return Number(state >> 32n) / 2 ** 32;
  };
}
