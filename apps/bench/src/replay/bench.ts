import { type HubContender, hubContenders } from "../hubs/contenders.ts";
import { now } from "../hubs/messages.ts";
import { HubStage } from "../hubs/stage.ts";
import { median } from "../statistics.ts";

export interface ReplayOptions {
  readonly rounds: number;
  readonly readers: number;
  readonly messages: number;
  readonly only: (name: string) => boolean;
}

/** What it costs when all readers return at once. */
interface Round {
  /** From the first dial until the last reader has everything. */
  readonly wallMs: number;
  readonly cpuMs: number;
  /** By how much the server's memory grew at its peak, beyond what as many readers without history cost. */
  readonly grownMib: number;
}

/** One row: medians over the rounds; ratios to the hand-written server of the same round. */
export interface ReplayRow extends Round {
  readonly name: string;
  readonly over: string;
  readonly isControl: boolean;
  readonly cpuRatio: number;
  readonly wallRatio: number;
  /** The same of a server whom nobody ever dialled before: its first replay. Undefined in older runs. */
  readonly first?: Round & { readonly cpuRatio: number; readonly wallRatio: number };
}

/** Rounds of a contender, by how often readers were there before. */
interface Visits {
  readonly first: Round[];
  readonly usual: Round[];
}

const PUBLISHED_AT_ONCE = 50;
const WARM_VISITS = 2;

export async function replay(options: ReplayOptions): Promise<ReplayRow[]> {
  const contenders = hubContenders.filter(
    ({ replays, isControl, over, name }) => replays && (isControl || options.only(`${over}, ${name}`)),
  );
  const taken = new Map(contenders.map((contender): [HubContender, Visits] => [contender, { first: [], usual: [] }]));
  for (let round = 0; round < options.rounds; round += 1) {
    const first = round % contenders.length;
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      // Each in a fresh process.
      taken.get(contender)?.first.push(await measure(contender, options, 0));
      taken.get(contender)?.usual.push(await measure(contender, options, WARM_VISITS));
    }
    console.error(`replay: round ${round + 1} of ${options.rounds}`);
  }
  return [...taken].map(([contender, rounds]) => row(contender, rounds, taken));
}

async function measure(contender: HubContender, { readers, messages }: ReplayOptions, visits: number): Promise<Round> {
  const stage = await HubStage.open(contender);
  try {
    const cursor = await stage.retain();
    for (let published = 0; published < messages; published += PUBLISHED_AT_ONCE) {
      await stage.publish(Math.min(PUBLISHED_AT_ONCE, messages - published));
    }
    // As many readers as will return have been here once: what a connection costs is known and paid.
    for (let visit = 0; visit < visits; visit += 1) {
      await stage.read(readers);
      await stage.hangUp();
    }
    const before = await stage.usage({ collect: true, fromHere: true });
    const begin = now();
    await stage.read(readers, { cursor, atOnce: readers });
    const end = await stage.expect(messages);
    const after = await stage.usage();
    return {
      wallMs: (end - begin) / 1000,
      cpuMs: (after.cpuUs - before.cpuUs) / 1000,
      grownMib: (after.peakBytes - before.rssBytes) / 2 ** 20,
    };
  } finally {
    await stage.close();
  }
}

function row(
  { name, over, isControl }: HubContender,
  { first, usual }: Visits,
  taken: ReadonlyMap<HubContender, Visits>,
): ReplayRow {
  const control = [...taken].find(([other]) => other.isControl && other.over === over)?.[1];
  return {
    name,
    over,
    isControl: isControl === true,
    ...compared(usual, control?.usual ?? []),
    first: compared(first, control?.first ?? []),
  };
}

function compared(rounds: readonly Round[], control: readonly Round[]) {
  const of = (pick: (round: Round) => number): number => median(rounds.map(pick));
  const ratio = (pick: (round: Round) => number): number =>
    median(rounds.map((round, index) => pick(round) / pick(control[index] ?? round)));
  return {
    wallMs: of(({ wallMs }) => wallMs),
    cpuMs: of(({ cpuMs }) => cpuMs),
    grownMib: of(({ grownMib }) => grownMib),
    cpuRatio: ratio(({ cpuMs }) => cpuMs),
    wallRatio: ratio(({ wallMs }) => wallMs),
  };
}
