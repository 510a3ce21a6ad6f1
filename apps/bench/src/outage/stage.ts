import type { ChildProcess } from "node:child_process";
import type { Contender } from "../clients/contenders.ts";
import { end, nextMessage, start } from "../process.ts";
import type { AllOpen, Order as ClientsOrder } from "./clients.ts";
import type { Accepted, Answer, Order as ServerOrder } from "./server.ts";

/** One server process and one process full of clients. */
export class Stage {
  readonly #server: ChildProcess;
  readonly #clients: ChildProcess;

  private constructor(server: ChildProcess, clients: ChildProcess) {
    this.#server = server;
    this.#clients = clients;
  }

  /** Starts both; resolves when every client is open. */
  static async open(contender: Contender, count: number): Promise<Stage> {
    const server = start(new URL("./server.ts", import.meta.url));
    const clients = start(new URL("./clients.ts", import.meta.url));
    const stage = new Stage(server, clients);
    try {
      const { port } = await nextMessage<Answer>(server);
      const allOpen = nextMessage<AllOpen>(clients);
      clients.send({ contender, port: port ?? 0, count } satisfies ClientsOrder);
      await allOpen;
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
    const allOpen = this.#expectAll(downMs + timeoutMs);
    const up = nextMessage<Answer>(this.#server, downMs + 10_000);
    this.#server.send({ down: downMs } satisfies ServerOrder);
    const { listeningAt = Number.NaN } = await up;
    const { openedAt, lagMs } = await allOpen;
    return { afterMs: openedAt.map((at) => at - listeningAt), lagMs };
  }

  /** Cuts every line of a server that stays up. Resolves when all are open again. */
  async cut(timeoutMs: number): Promise<{ readonly cutAt: number; readonly lagMs: number }> {
    const allOpen = this.#expectAll(timeoutMs);
    const cutAt = Date.now();
    this.#server.send({ cut: true } satisfies ServerOrder);
    return { cutAt, lagMs: (await allOpen).lagMs };
  }

  /** Every connection that the server accepted since it was cut or went down. */
  async accepted(): Promise<readonly Accepted[]> {
    const report = nextMessage<Answer>(this.#server);
    this.#server.send({ report: true } satisfies ServerOrder);
    return (await report).accepted ?? [];
  }

  async close(): Promise<void> {
    await Promise.all([end(this.#server), end(this.#clients)]);
  }

  #expectAll(timeoutMs: number): Promise<AllOpen> {
    this.#clients.send({ expect: true } satisfies ClientsOrder);
    return nextMessage<AllOpen>(this.#clients, timeoutMs);
  }
}
