import type { ChildProcess } from "node:child_process";
import { availableParallelism } from "node:os";
import type { Contender } from "../clients/contenders.ts";
import { ask, end, nextMessage, start } from "../process.ts";
import type { AllOpen, Order as ClientsOrder } from "./clients.ts";
import type { Accepted, Answer, Order as ServerOrder } from "./server.ts";

/** Clients of one process wait for each other, as those of two thousand machines do not; processes of one core do, too. */
const PROCESSES = availableParallelism();

/** One server process, and processes full of clients. */
export class Stage {
  readonly #server: ChildProcess;
  readonly #crowd: readonly ChildProcess[];

  private constructor(server: ChildProcess, crowd: readonly ChildProcess[]) {
    this.#server = server;
    this.#crowd = crowd;
  }

  /** Starts all; resolves when every client is open. `execArgv` are further words for the Node of each process. */
  static async open(contender: Contender, count: number, execArgv: string[] = []): Promise<Stage> {
    const server = start(new URL("./server.ts", import.meta.url), { execArgv });
    const crowd = Array.from({ length: PROCESSES }, () =>
      start(new URL("./clients.ts", import.meta.url), { execArgv }),
    );
    const stage = new Stage(server, crowd);
    try {
      const { port = 0 } = await nextMessage<Answer>(server);
      const each = Math.ceil(count / PROCESSES);
      await stage.#expectAll((index) => {
        const from = index * each;
        return { contender, port, from, count: Math.min(each, count - from) };
      });
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  /** Takes the server down for so long. Resolves with how long after its return each client was open. */
  async outage(
    downMs: number,
    timeoutMs: number,
  ): Promise<{ readonly afterMs: readonly number[]; readonly lagMs: number }> {
    const allOpen = this.#expectAll(() => ({ expect: true }), downMs + timeoutMs);
    const up = nextMessage<Answer>(this.#server, downMs + 10_000);
    this.#server.send({ down: downMs } satisfies ServerOrder);
    const { listeningAt = Number.NaN } = await up;
    const { openedAt, lagMs } = await allOpen;
    return { afterMs: openedAt.map((at) => at - listeningAt), lagMs };
  }

  /** Cuts every line of a server that stays up. Resolves when all are open again. */
  async cut(timeoutMs: number): Promise<{ readonly cutAt: number; readonly lagMs: number }> {
    const allOpen = this.#expectAll(() => ({ expect: true }), timeoutMs);
    const cutAt = Date.now();
    this.#server.send({ cut: true } satisfies ServerOrder);
    return { cutAt, lagMs: (await allOpen).lagMs };
  }

  /** Every process collects its garbage now. */
  async collect(): Promise<void> {
    await Promise.all([this.#server, ...this.#crowd].map((process) => ask(process, { collect: true })));
  }

  /** Every connection that the server accepted since it was cut or went down. */
  async accepted(): Promise<readonly Accepted[]> {
    const report = nextMessage<Answer>(this.#server);
    this.#server.send({ report: true } satisfies ServerOrder);
    return (await report).accepted ?? [];
  }

  async close(): Promise<void> {
    await Promise.all([this.#server, ...this.#crowd].map(end));
  }

  /** Tells each process of the crowd, and waits until all its clients are open. */
  async #expectAll(order: (index: number) => ClientsOrder, timeoutMs?: number): Promise<AllOpen> {
    const all = await Promise.all(
      this.#crowd.map((clients, index) => {
        const allOpen = nextMessage<AllOpen>(clients, timeoutMs);
        clients.send(order(index));
        return allOpen;
      }),
    );
    return {
      openedAt: all.flatMap(({ openedAt }) => openedAt),
      lagMs: Math.max(...all.map(({ lagMs }) => lagMs)),
    };
  }
}
