/** One process of the feed's machine, in one reading. */
export interface Process {
  /** Milliseconds since 1970, by the feed's clock: the same for all of one reading. */
  readonly at: number;
  readonly pid: number;
  readonly name: string;
  /** In per cent of the machine, as far as its system tells. */
  readonly cpu: number;
  /** In bytes. */
  readonly memory: number;
}

/** How many processes a reading tells of: the busiest. */
export const PROCESSES_TOLD = 8;

/** How often the feed looks, in milliseconds. */
export const PROCESSES_EVERY_MS = 3000;

/** How many are kept by their number: of those that are not told of any more, the oldest go first. */
export const PROCESSES_KEPT = 4 * PROCESSES_TOLD;

export const processId = ({ pid }: Process): number => pid;

/** Of the newest row per process those of the newest reading, the busiest first. */
export function busiest(rows: ReadonlyMap<number, Process>): readonly Process[] {
  const all = [...rows.values()];
  const newest = Math.max(...all.map(({ at }) => at));
  return all.filter(({ at }) => at === newest).sort((a, b) => b.cpu - a.cpu || b.memory - a.memory || a.pid - b.pid);
}
