import type { PageRow } from "../browser/judge.ts";
import { Stage } from "../browser/stage.ts";
import { median } from "../statistics.ts";
import { type Contestant, contestants, wires } from "./contestants.ts";

export interface RenderOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly only: (name: string) => boolean;
}

/** One row: medians over the rounds, and the worst where none may be. */
export interface RenderRow extends PageRow {
  readonly framework: string;
  readonly name: string;
  /** Main-thread CPU to that of the same framework's hand-written page, each within one round. */
  readonly ratio: number;
}

export interface RenderTable {
  readonly name: string;
  readonly rows: readonly RenderRow[];
}

type Taken = Map<Contestant, PageRow[]>;

/** Streams to one page after the other, beginning with another one in each round. */
export async function render(options: RenderOptions): Promise<RenderTable[]> {
  const stage = await Stage.open(new URL("./server.ts", import.meta.url));
  const taken = new Map<string, Taken>();
  try {
    for (let round = 0; round < options.rounds; round++) {
      for (const wire of wires) {
        const wanted = contestants.filter(
          (one) =>
            (wire.hasNaive || one.kind !== "naive") && options.only(`${wire.name}, ${one.framework}, ${one.name}`),
        );
        for (const one of [...wanted.slice(round), ...wanted.slice(0, round)]) {
          const paces = wire.rates.map((rate) => ({ rate, seconds: options.seconds * wire.share }));
          const rows = await stage.measure({ page: one.page, ...wire }, paces);
          for (const [index, rate] of wire.rates.entries()) note(taken, tableName(wire.name, rate), one, rows[index]);
          console.error(`render: ${wire.name}, ${one.framework}, ${one.name}`);
        }
      }
    }
  } finally {
    await stage.close();
  }
  return [...taken].map(([name, table]) => ({ name, rows: rowsOf(table) }));
}

const tableName = (wire: string, rate: number): string =>
  `${wire}, ${rate.toLocaleString("en").replace(",", " ")} msg/s`;

function note(tables: Map<string, Taken>, name: string, one: Contestant, row: PageRow | undefined): void {
  if (!row) return;
  const table: Taken = tables.get(name) ?? new Map();
  tables.set(name, table.set(one, [...(table.get(one) ?? []), row]));
}

function rowsOf(table: Taken): RenderRow[] {
  return contestants.flatMap((one) => {
    const rows = table.get(one);
    if (!rows) return [];
    const ideal = [...table].find(([other]) => other.framework === one.framework && other.kind === "ideal")?.[1];
    const ratios = rows.map(({ cpuUs }, round) => cpuUs / (ideal?.[round]?.cpuUs ?? Number.NaN));
    return [{ framework: one.framework, name: one.name, ratio: median(ratios), ...overRounds(rows) }];
  });
}

export function overRounds(rows: readonly PageRow[]): PageRow {
  const of = (pick: (row: PageRow) => number): number => median(rows.map(pick));
  const worst = (pick: (row: PageRow) => number): number => Math.max(...rows.map(pick));
  return {
    missed: worst(({ missed }) => missed),
    isCaughtUp: rows.every(({ isCaughtUp }) => isCaughtUp),
    behind: worst(({ behind }) => behind),
    commits: of(({ commits }) => commits),
    frames: of(({ frames }) => frames),
    mostPerFrame: worst(({ mostPerFrame }) => mostPerFrame),
    fps: of(({ fps }) => fps),
    cpuUs: of(({ cpuUs }) => cpuUs),
    busy: of(({ busy }) => busy),
    staleP50Ms: of(({ staleP50Ms }) => staleP50Ms),
    staleP99Ms: of(({ staleP99Ms }) => staleP99Ms),
    arrivedP99Ms: of(({ arrivedP99Ms }) => arrivedP99Ms),
    arrivedP50Frames: of(({ arrivedP50Frames }) => arrivedP50Frames),
    arrivedP99Frames: of(({ arrivedP99Frames }) => arrivedP99Frames),
    longTasks: worst(({ longTasks }) => longTasks),
    errors: worst(({ errors }) => errors),
    error: rows.find(({ error }) => error)?.error,
    senderLagMs: worst(({ senderLagMs }) => senderLagMs),
  };
}
