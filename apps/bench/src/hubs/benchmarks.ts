import { compressText } from "../report/compress-text.ts";
import { fanoutText, idleText, ledgerText, replayText, staysText } from "../report/hub-text.ts";
import { restartText } from "../report/restart-text.ts";

/** What a benchmark measured, and how it reads. */
export interface Outcome {
  readonly amount: string;
  readonly data: unknown;
  readonly text: string;
}

/** What was asked for on the command line. */
export interface Asked {
  readonly rounds: string | undefined;
  readonly clients: string | undefined;
  /** The number that was given, or the one for a full or a quick run. */
  number(given: string | undefined, full: number, quick: number): number;
  readonly quick: boolean;
  only(name: string): boolean;
}

/** The benchmarks of servers. */
export function hubBenchmarks({ rounds, clients, number, quick, only }: Asked): Record<string, () => Promise<Outcome>> {
  return {
    async fanout() {
      const { fanout } = await import("../fanout/bench.ts");
      const times = number(rounds, 3, 1);
      const deliveries = quick ? 10_000 : 50_000;
      const readers = clients === undefined ? (quick ? [200] : [1000, 5000]) : [Number(clients)];
      const data = await fanout({ rounds: times, readers, deliveries, only });
      return { amount: `${times} rounds of about ${deliveries} deliveries per block`, data, text: fanoutText(data) };
    },
    async idle() {
      const { idle } = await import("../idle/bench.ts");
      const times = number(rounds, 1, 1);
      const connections = number(clients, 10_000, 1000);
      const data = await idle({ rounds: times, connections, only });
      return { amount: `${times} rounds of ${connections} connections`, data, text: idleText(data) };
    },
    async replay() {
      const { replay } = await import("../replay/bench.ts");
      const times = number(rounds, 3, 1);
      const readers = number(clients, 1000, 100);
      const data = await replay({ rounds: times, readers, messages: 1000, only });
      return { amount: `${times} rounds of 1000 messages to ${readers} readers`, data, text: replayText(data) };
    },
    async compress() {
      const { compress } = await import("../compress/bench.ts");
      const times = number(rounds, 3, 1);
      const readers = number(clients, 200, 100);
      const deliveries = quick ? 10_000 : 60_000;
      const data = await compress({ rounds: times, readers, deliveries, only });
      const amount = `${times} rounds of about ${deliveries} deliveries per block to ${readers} readers`;
      return { amount, data, text: compressText(data) };
    },
    async ledger() {
      const { ledger } = await import("../ledger/bench.ts");
      const plan = quick
        ? { clients: 10, faults: 30, slotMs: 360, deadMs: 20_000 }
        : { clients: number(clients, 50, 50), faults: 200, slotMs: 360, deadMs: 60_000 };
      const data = await ledger({ ...plan, only });
      return { amount: `${plan.clients} clients, ${plan.faults} faults, one restart`, data, text: ledgerText(data) };
    },
    async restart() {
      const { restart } = await import("../restart/bench.ts");
      const crowd = number(clients, 2000, 200);
      const data = await restart({ clients: crowd, deadlineMs: 10_000 });
      return { amount: `two nodes behind nginx, ${crowd} clients`, data, text: restartText(data) };
    },
    async stays() {
      const { stays } = await import("../stays/bench.ts");
      const connections = number(clients, 10_000, 1000);
      const data = await stays({ connections, only });
      return { amount: `${connections} connections`, data, text: staysText(data) };
    },
  };
}
